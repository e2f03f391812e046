import { type Descriptions, json, named, saying, unreadable } from './description.ts'

const NO_CONNECTOR = 'There is no such connector'
const NOT_STOPPED = 'The connector is not STOPPED, or an offset is none of its kind'

/** What a connector's own check, and Kafka, say of offsets that cannot be set. */
const REFUSED = [
  'Offsets may only contain primitive types as values',
  'Failed to (alter|reset|modify|list|retrieve) ',
  "The value for the '.*' key in the (offset|partition) ",
  "Partition objects should contain the key '.*'",
  'Offset objects should either be null or contain the key ',
  'Offsets cannot be modified if the ',
]

export const OFFSETS: Descriptions = {
  'GET /connectors/{connector}/offsets': {
    summary: 'How far a connector is',
    answers: {
      200: json('Its offsets', named('ConnectorOffsets')),
      404: NO_CONNECTOR,
      500: saying('The offsets cannot be read', ...REFUSED),
    },
  },
  'PATCH /connectors/{connector}/offsets': {
    summary: 'Sets offsets of a stopped connector; null has a partition begin anew',
    body: named('ConnectorOffsets'),
    answers: {
      200: json('They are set', named('Message')),
      400: NOT_STOPPED,
      404: NO_CONNECTOR,
      500: unreadable(...REFUSED),
    },
  },
  'DELETE /connectors/{connector}/offsets': {
    summary: 'Forgets the offsets of a stopped connector',
    answers: {
      200: json('They are forgotten', named('Message')),
      400: NOT_STOPPED,
      404: NO_CONNECTOR,
      500: saying('The offsets cannot be forgotten', ...REFUSED),
    },
  },
  'GET /connectors/{connector}/topics': {
    summary: 'The topics that a connector has used since they were last forgotten',
    answers: { 200: json('Topics', named('ActiveTopics')), 403: 'Topics are not tracked' },
  },
  'PUT /connectors/{connector}/topics/reset': {
    summary: 'Forgets which topics a connector has used',
    answers: {
      202: 'They are forgotten',
      403: 'Topics are not tracked, or are not to be forgotten',
    },
  },
}
