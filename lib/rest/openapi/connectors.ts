import {
  type Descriptions,
  json,
  listOf,
  mapOf,
  named,
  type Schema,
  unreadable,
} from './description.ts'

const NO_CONNECTOR = 'There is no such connector'
const NO_VERSION = 'There is no such connector, or no such version of its configuration'
const INVALID = 'The configuration is invalid; the message says what is wrong with it'
const INTERNAL = "What Kafka Connect's workers say to each other; refused without their signature"
const UNSIGNED = 'It is not signed'
const MISSIGNED = 'Its signature is wrong'
const LOCATION = { Location: { type: 'string', description: 'Where the connector is' } as Schema }

/** An override of a client's setting is read before anything is validated. */
const UNUSABLE = unreadable('Invalid value .* for configuration ')

const FLAG: Schema = { type: 'string', default: 'false', examples: ['true'] }

const CREATED = json('It is made; its tasks follow', named('ConnectorInfo'), { headers: LOCATION })

export const CONNECTORS: Descriptions = {
  'GET /connectors': {
    summary: "The connectors' names",
    query: {
      expand: {
        ...listOf({ type: 'string', examples: ['status', 'info'] }),
        description: 'status, info or both: answers a map of what is known of each',
      },
    },
    answers: {
      200: json('Names; with expand, a map by name', {
        anyOf: [listOf({ type: 'string' }), mapOf(named('ExpandedConnector'))],
      }),
    },
  },
  'POST /connectors': {
    summary: 'Makes a connector',
    body: named('CreateConnectorRequest'),
    answers: { 201: CREATED, 400: INVALID, 409: 'There is one of this name', 500: UNUSABLE },
  },
  'GET /connectors/{connector}': {
    summary: 'A connector',
    answers: { 200: json('The connector', named('ConnectorInfo')), 404: NO_CONNECTOR },
  },
  'DELETE /connectors/{connector}': {
    summary: 'Deletes a connector; its offsets are kept',
    answers: { 204: 'It is deleted', 404: NO_CONNECTOR },
  },
  'GET /connectors/{connector}/config': {
    summary: 'The configuration of a connector',
    answers: { 200: json('Its configuration', named('Config')), 404: NO_CONNECTOR },
  },
  'PUT /connectors/{connector}/config': {
    summary: 'Replaces the configuration of a connector, or makes the connector',
    body: named('NewConfig'),
    answers: {
      200: json('It is replaced', named('ConnectorInfo')),
      201: CREATED,
      400: INVALID,
      500: UNUSABLE,
    },
  },
  'PATCH /connectors/{connector}/config': {
    summary: 'Changes single keys of a configuration; null removes one',
    body: named('ConfigChanges'),
    answers: {
      200: json('It is changed', named('ConnectorInfo')),
      400: INVALID,
      404: NO_CONNECTOR,
      500: UNUSABLE,
    },
  },
  'GET /connectors/{connector}/config/history': {
    summary: 'The configurations that a connector has had, newest first',
    answers: { 200: json('The newest 20', listOf(named('ConfigVersion'))), 404: NO_CONNECTOR },
  },
  'GET /connectors/{connector}/config/history/{version}': {
    summary: 'A configuration that a connector has had',
    answers: { 200: json('It', named('ConfigVersion')), 404: NO_VERSION },
  },
  'PUT /connectors/{connector}/config/history/{version}': {
    summary: 'Rolls a connector back to a configuration that it has had, secrets included',
    answers: {
      200: json('It has it again, as a new version', named('ConnectorInfo')),
      400: INVALID,
      404: NO_VERSION,
      500: UNUSABLE,
    },
  },
  'GET /connectors/{connector}/status': {
    summary: 'How a connector and its tasks stand',
    answers: {
      200: json('Its state and that of each task', named('ConnectorStateInfo')),
      404: 'There is no such connector, or nothing is known of it yet',
    },
  },
  'POST /connectors/{connector}/restart': {
    summary: 'Restarts a connector, its tasks, or what of them failed',
    query: {
      includeTasks: { ...FLAG, description: 'true: its tasks too' },
      onlyFailed: { ...FLAG, description: 'true: only what is FAILED' },
    },
    answers: {
      202: json('What is restarted is shown as RESTARTING', named('ConnectorStateInfo')),
      204: 'The connector itself is restarted',
      404: NO_CONNECTOR,
    },
  },
  'PUT /connectors/{connector}/pause': {
    summary: 'Pauses a connector and its tasks',
    answers: { 202: 'It will be', 404: NO_CONNECTOR },
  },
  'PUT /connectors/{connector}/resume': {
    summary: 'Lets a paused or stopped connector go on',
    answers: { 202: 'It will', 404: NO_CONNECTOR },
  },
  'PUT /connectors/{connector}/stop': {
    summary: 'Stops a connector and takes its tasks away',
    answers: { 204: 'It will be', 404: NO_CONNECTOR },
  },
  'GET /connectors/{connector}/tasks': {
    summary: 'The tasks of a connector and their configurations',
    answers: { 200: json('Its tasks', listOf(named('TaskInfo'))), 404: NO_CONNECTOR },
  },
  'GET /connectors/{connector}/tasks/{task}/status': {
    summary: 'How a task stands',
    answers: { 200: json('Its state', named('TaskState')), 404: 'There is no such task' },
  },
  'POST /connectors/{connector}/tasks/{task}/restart': {
    summary: 'Restarts a task',
    answers: { 204: 'It is restarted', 404: 'There is no such task' },
  },
  'POST /connectors/{connector}/tasks': {
    summary: INTERNAL,
    body: listOf(mapOf({ type: ['string', 'number', 'boolean', 'null'] })),
    answers: { 400: UNSIGNED, 403: MISSIGNED, 500: unreadable() },
  },
  'PUT /connectors/{connector}/fence': {
    summary: INTERNAL,
    answers: { 400: UNSIGNED, 403: MISSIGNED },
  },
}
