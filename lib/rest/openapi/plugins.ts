import { type Descriptions, json, listOf, named, saying, unreadable } from './description.ts'

/** Exceptions that Kafka Connect does not unwrap here. */
const EXCEPTION = 'org\\.apache\\.kafka\\.[\\w.]+Exception: '

export const PLUGINS: Descriptions = {
  'GET /connector-plugins': {
    summary: 'The plugins there are',
    query: {
      connectorsOnly: {
        type: 'string',
        default: 'true',
        examples: ['false'],
        description: 'false: transformations, predicates and converters too',
      },
    },
    answers: { 200: json('Plugins', listOf(named('PluginInfo'))) },
  },
  'GET /connector-plugins/{plugin}/config': {
    summary: 'The configuration keys of a plugin',
    query: {
      version: {
        type: 'string',
        description: 'A version or a range of versions',
        examples: ['[4.0,)'],
      },
    },
    answers: {
      200: json('Definitions of its keys', listOf(named('ConfigKeyInfo'))),
      400: 'It is no plugin, or not of this version',
      404: 'There is no such plugin',
      500: saying('It cannot be made', 'Instantiation error$'),
    },
  },
  'PUT /connector-plugins/{plugin}/config/validate': {
    summary: 'Validates a configuration',
    body: named('ConfigChanges'),
    answers: {
      200: json('Each key with what is wrong with it', named('ConfigInfos')),
      400: 'connector.class is another than that of the path',
      500: unreadable(EXCEPTION),
    },
  },
}
