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
  'POST /connector-plugins/{plugin}/preview': {
    summary:
      'What a connector would do next: records as they would be written, with nothing written anywhere',
    query: {
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 10,
        description: 'How many records, those that fail included',
      },
      from: {
        type: 'string',
        enum: ['beginning', 'offset'],
        description:
          'Where to begin: at the beginning (of a source, unless said otherwise), or at the offsets of the connector of this name (of a sink, unless said otherwise)',
      },
    },
    body: named('ConfigChanges'),
    answers: {
      200: json('Records and what failed', named('Preview')),
      400: 'The configuration is wrong, or its server does not take it',
      500: 'The body cannot be read, or the connector fails',
    },
  },
  'PUT /connector-plugins/{plugin}/config/validate': {
    summary: 'Validates a configuration; a connector that can tries to connect',
    body: named('ConfigChanges'),
    answers: {
      200: json('Each key with what is wrong with it', named('ConfigInfos')),
      400: 'connector.class is another than that of the path',
      500: unreadable(EXCEPTION),
    },
  },
}
