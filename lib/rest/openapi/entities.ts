/** Kafka Connect's entities, and what we say beyond them; JSON Schemas by name. */
import { listOf, mapOf, named, type Schema } from './description.ts'

const TEXT: Schema = { type: 'string' }
const TEXT_OR_NULL: Schema = { type: ['string', 'null'] }
const COUNT: Schema = { type: 'integer' }

/** All members are there, but for those with a `?` at the end of their name. */
const entity = (description: string, members: Readonly<Record<string, Schema>>): Schema => ({
  description,
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(members).map(([name, schema]) => [name.replace('?', ''), schema]),
  ),
  required: Object.keys(members).filter((name) => !name.endsWith('?')),
})

const TYPE: Schema = {
  type: 'string',
  enum: ['source', 'sink', 'unknown'],
  description: 'unknown when no plugin of its class is there',
}

const TASK_STATES = ['UNASSIGNED', 'RUNNING', 'PAUSED', 'FAILED', 'RESTARTING']

const shown = (states: readonly string[]) => ({
  state: { type: 'string', enum: states } satisfies Schema,
  worker_id: TEXT,
  'version?': { ...TEXT_OR_NULL, description: "The plugin's version" },
  'trace?': { ...TEXT, description: 'Why it is FAILED' },
  'reason?': { ...TEXT, description: 'Why it is not simply what it was asked to be' },
  'since?': { ...TEXT, format: 'date-time', description: 'When it got into this state' },
  'last_error?': {
    ...TEXT,
    description: 'When, where and at which record something last went wrong, tolerated errors too',
  },
  'next_restart?': { ...TEXT, format: 'date-time', description: 'When it is restarted by itself' },
  'lag?': { ...TEXT, description: 'How many records the task of a sink is behind' },
})

const TASK_ID = entity('A task of a connector', { connector: TEXT, task: COUNT })

const CONFIG: Schema = {
  ...mapOf(TEXT_OR_NULL),
  description: 'A configuration: texts by key. A password is shown as [hidden].',
}

/** Scalars become texts; whether a null is refused depends on its key. */
const SCALAR: Schema = { type: ['string', 'number', 'boolean', 'null'] }

const NEW_CONFIG: Schema = {
  ...mapOf(SCALAR),
  description: 'A configuration: scalars by key. Which keys there are, its connector says.',
  properties: { 'connector.class': TEXT },
  required: ['connector.class'],
  examples: [
    {
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      file: 'lines.txt',
      topic: 'lines',
    },
  ],
}

const CONFIG_CHANGES: Schema = {
  ...mapOf(SCALAR),
  description: 'Scalars by key',
  examples: [{ topic: 'lines' }],
}

const CONNECTORS: Readonly<Record<string, Schema>> = {
  ErrorMessage: entity('What went wrong', { error_code: COUNT, message: TEXT_OR_NULL }),
  ServerInfo: entity('The worker', { version: TEXT, commit: TEXT, kafka_cluster_id: TEXT }),
  WorkerStatus: entity('How the worker is', {
    status: { type: 'string', enum: ['healthy', 'starting', 'unhealthy'] },
    message: TEXT,
  }),
  Config: CONFIG,
  NewConfig: NEW_CONFIG,
  ConfigChanges: CONFIG_CHANGES,
  CreateConnectorRequest: {
    ...entity('A connector to be', {
      'name?': { ...SCALAR, examples: ['lines'] },
      config: named('NewConfig'),
      'initial_state?': { enum: ['RUNNING', 'PAUSED', 'STOPPED', null] },
    }),
    additionalProperties: false,
  },
  ConfigVersion: entity('A configuration that a connector has had', {
    version: COUNT,
    modified: { type: 'string', format: 'date-time', description: 'Since when' },
    config: named('Config'),
  }),
  ConnectorInfo: entity('A connector', {
    name: TEXT,
    config: named('Config'),
    tasks: listOf(TASK_ID),
    type: TYPE,
  }),
  TaskInfo: entity('A task and its configuration', { id: TASK_ID, config: named('Config') }),
  TaskState: entity('How a task stands', { id: COUNT, ...shown(TASK_STATES) }),
  ConnectorStateInfo: entity('How a connector and its tasks stand', {
    name: TEXT,
    connector: entity('The connector itself', shown([...TASK_STATES, 'STOPPED'])),
    tasks: listOf(named('TaskState')),
    type: TYPE,
    'health?': {
      type: 'string',
      enum: ['healthy', 'degraded', 'unhealthy'],
      description:
        'unhealthy: the connector or a task FAILED; degraded: something is not as it was asked to be',
    },
    'lag?': { ...COUNT, description: 'How many records a sink is behind, all its tasks together' },
  }),
  ExpandedConnector: entity('What was asked for of a connector', {
    'info?': named('ConnectorInfo'),
    'status?': named('ConnectorStateInfo'),
  }),
  ConnectorOffset: entity('How far a partition is', {
    partition: { type: ['object', 'null'], additionalProperties: {} },
    offset: { type: ['object', 'null'], additionalProperties: {} },
  }),
  ConnectorOffsets: entity('How far a connector is', {
    offsets: listOf(named('ConnectorOffset')),
  }),
  Message: entity('What was done', { message: TEXT }),
  ActiveTopics: mapOf(entity('Topics a connector has used', { topics: listOf(TEXT) })),
}

const SHOWN: Schema = {
  description:
    'JSON where it is some, else text, else {"base64": …}; {"bytes": …} of what is too large',
}

const OFFSET_MAP = mapOf({ type: ['string', 'number', 'boolean', 'null'] })

/** Of a source or of a sink. */
const PLACE = {
  'source_partition?': OFFSET_MAP,
  'source_offset?': OFFSET_MAP,
  'kafka_topic?': TEXT,
  'kafka_partition?': COUNT,
  'kafka_offset?': COUNT,
}

const PREVIEW: Readonly<Record<string, Schema>> = {
  Preview: entity('What a connector would do next', {
    name: TEXT_OR_NULL,
    type: { type: 'string', enum: ['source', 'sink'] },
    records: listOf(named('PreviewRecord')),
    errors: listOf(named('PreviewError')),
    dropped: { ...COUNT, description: 'Records that transforms dropped' },
    'truncated?': { type: 'boolean', description: 'There was no room for more' },
  }),
  PreviewRecord: entity('A record as Kafka, or the task of a sink, would be given it', {
    topic: TEXT,
    partition: { type: ['integer', 'null'], description: "null: by the key's hash" },
    timestamp: { type: ['integer', 'null'], description: 'ms since 1970' },
    key: SHOWN,
    value: SHOWN,
    headers: listOf(entity('A header', { key: TEXT, value: SHOWN })),
    ...PLACE,
  }),
  PreviewError: entity('A record that failed on its way, or what could not be read', {
    stage: { ...TEXT_OR_NULL, examples: ['TRANSFORMATION', 'VALUE_CONVERTER', 'TASK_POLL'] },
    class: TEXT_OR_NULL,
    message: TEXT,
    ...PLACE,
  }),
}

const PLUGINS: Readonly<Record<string, Schema>> = {
  PluginInfo: entity('A plugin', {
    class: TEXT,
    type: {
      type: 'string',
      enum: ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'],
    },
    'version?': TEXT,
  }),
  ConfigKeyInfo: entity('The definition of a configuration key', {
    name: TEXT,
    type: {
      type: 'string',
      enum: ['BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'],
    },
    required: { type: 'boolean' },
    default_value: TEXT_OR_NULL,
    importance: { type: 'string', enum: ['HIGH', 'MEDIUM', 'LOW'] },
    documentation: TEXT_OR_NULL,
    group: TEXT_OR_NULL,
    order_in_group: COUNT,
    width: { type: 'string', enum: ['NONE', 'SHORT', 'MEDIUM', 'LONG'] },
    display_name: TEXT,
    dependents: listOf(TEXT),
    'order?': { ...COUNT, description: 'order_in_group, as Kafka Connect up to 4.1 calls it' },
  }),
  ConfigValueInfo: entity('The value of a key, and what is wrong with it', {
    name: TEXT,
    value: TEXT_OR_NULL,
    recommended_values: listOf(TEXT_OR_NULL),
    errors: listOf(TEXT),
    visible: { type: 'boolean' },
  }),
  ConfigInfo: entity('A key and its value', {
    definition: { anyOf: [named('ConfigKeyInfo'), { type: 'null' }] },
    value: named('ConfigValueInfo'),
  }),
  ConfigInfos: entity('A validated configuration', {
    name: TEXT,
    error_count: COUNT,
    groups: listOf(TEXT),
    configs: listOf(named('ConfigInfo')),
  }),
  LoggerLevel: entity('The level of a logger', {
    level: TEXT_OR_NULL,
    last_modified: { type: ['integer', 'null'], description: 'ms since 1970' },
  }),
}

export const ENTITIES = { ...CONNECTORS, ...PLUGINS, ...PREVIEW }
