/** The keys that every connector has, whatever its plugin: Kafka Connect 4.3.1's names, order, defaults and layout. */
import type { ConfigDef } from './config-def.ts'

/** What one key alone cannot tell, in Kafka's words: messages by key. */
export type Messages = Readonly<Record<string, readonly string[]>>

export const commonConfig = {
  name: {
    type: 'string',
    importance: 'high',
    doc: 'Globally unique name to use for this connector.',
    refuse: (name) => (name === null ? undefined : refuseName(name)),
    group: 'Common',
    orderInGroup: 1,
    width: 'medium',
    displayName: 'Connector name',
  },
  'connector.class': {
    type: 'string',
    importance: 'high',
    doc: 'Name or alias of the class for this connector. Must be a subclass of org.apache.kafka.connect.connector.Connector. If the connector is org.apache.kafka.connect.file.FileStreamSinkConnector, you can either specify this full name,  or use "FileStreamSink" or "FileStreamSinkConnector" to make the configuration a bit shorter',
    group: 'Common',
    orderInGroup: 2,
    width: 'long',
    displayName: 'Connector class',
  },
  'connector.plugin.version': {
    type: 'string',
    importance: 'medium',
    default: null,
    doc: 'Version of the connector.',
    group: 'Common',
    orderInGroup: 3,
    width: 'medium',
    displayName: 'Connector version',
  },
  'tasks.max': {
    type: 'int',
    importance: 'high',
    default: 1,
    atLeast: 1,
    doc: 'Maximum number of tasks to use for this connector.',
    group: 'Common',
    orderInGroup: 4,
    width: 'short',
    displayName: 'Tasks max',
  },
  'tasks.max.enforce': {
    type: 'boolean',
    importance: 'low',
    default: true,
    doc: '(Deprecated) Whether to enforce that the tasks.max property is respected by the connector. By default, connectors that generate too many tasks will fail, and existing sets of tasks that exceed the tasks.max property will also be failed. If this property is set to false, then connectors will be allowed to generate more than the maximum number of tasks, and existing sets of tasks that exceed the tasks.max property will be allowed to run. This property is deprecated and will be removed in an upcoming major release.',
    group: 'Common',
    orderInGroup: 5,
    width: 'short',
    displayName: 'Enforce tasks max',
  },
  'key.converter': {
    type: 'class',
    importance: 'low',
    default: null,
    doc: 'Converter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This controls the format of the keys in messages written to or read from Kafka, and since this is independent of connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and Avro.',
    group: 'Common',
    orderInGroup: 6,
    width: 'short',
    displayName: 'Key converter class',
  },
  'key.converter.plugin.version': {
    type: 'string',
    importance: 'low',
    default: null,
    doc: 'Version of the key converter.',
    group: 'Common',
    orderInGroup: 7,
    width: 'short',
    displayName: 'Key converter version',
  },
  'value.converter': {
    type: 'class',
    importance: 'low',
    default: null,
    doc: 'Converter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This controls the format of the values in messages written to or read from Kafka, and since this is independent of connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and Avro.',
    group: 'Common',
    orderInGroup: 8,
    width: 'short',
    displayName: 'Value converter class',
  },
  'value.converter.plugin.version': {
    type: 'string',
    importance: 'low',
    default: null,
    doc: 'Version of the value converter.',
    group: 'Common',
    orderInGroup: 9,
    width: 'short',
    displayName: 'Value converter version',
  },
  'header.converter': {
    type: 'class',
    importance: 'low',
    default: null,
    doc: 'HeaderConverter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This controls the format of the header values in messages written to or read from Kafka, and since this is independent of connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and Avro. By default, the SimpleHeaderConverter is used to serialize header values to strings and deserialize them by inferring the schemas.',
    group: 'Common',
    orderInGroup: 10,
    width: 'short',
    displayName: 'Header converter class',
  },
  'header.converter.plugin.version': {
    type: 'string',
    importance: 'low',
    default: null,
    doc: 'Version of the header converter.',
    group: 'Common',
    orderInGroup: 11,
    width: 'short',
    displayName: 'Header converter version',
  },
  transforms: {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'Aliases for the transformations to be applied to records.',
    refuse: refuseAliases,
    group: 'Transforms',
    orderInGroup: 12,
    width: 'long',
    displayName: 'Transforms',
  },
  predicates: {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'Aliases for the predicates used by transformations.',
    refuse: refuseAliases,
    group: 'Predicates',
    orderInGroup: 13,
    width: 'long',
    displayName: 'Predicates',
  },
  'config.action.reload': {
    type: 'string',
    importance: 'low',
    default: 'restart',
    oneOf: ['none', 'restart'],
    doc: "The action that Connect should take on the connector when changes in external configuration providers result in a change in the connector's configuration properties. A value of 'none' indicates that Connect will do nothing. A value of 'restart' indicates that Connect should restart/reload the connector with the updated configuration properties.The restart may actually be scheduled in the future if the external configuration provider indicates that a configuration value will expire in the future.",
    group: 'Common',
    orderInGroup: 14,
    width: 'medium',
    displayName: 'Reload Action',
  },
  'errors.retry.timeout': {
    type: 'long',
    importance: 'medium',
    default: 0,
    doc: 'The maximum duration in milliseconds that a failed operation will be reattempted. The default is 0, which means no retries will be attempted. Use -1 for infinite retries.',
    group: 'Error Handling',
    orderInGroup: 1,
    width: 'medium',
    displayName: 'Retry Timeout for Errors',
  },
  'errors.retry.delay.max.ms': {
    type: 'long',
    importance: 'medium',
    default: 60_000,
    doc: 'The maximum duration in milliseconds between consecutive retry attempts. Jitter will be added to the delay once this limit is reached to prevent thundering herd issues.',
    group: 'Error Handling',
    orderInGroup: 2,
    width: 'medium',
    displayName: 'Maximum Delay Between Retries for Errors',
  },
  'errors.tolerance': {
    type: 'string',
    importance: 'medium',
    default: 'none',
    oneOf: ['none', 'all'],
    doc: "Behavior for tolerating errors during connector operation. 'none' is the default value and signals that any error will result in an immediate connector task failure; 'all' changes the behavior to skip over problematic records.",
    group: 'Error Handling',
    orderInGroup: 3,
    width: 'short',
    displayName: 'Error Tolerance',
  },
  'errors.log.enable': {
    type: 'boolean',
    importance: 'medium',
    default: false,
    doc: "If true, write each error and the details of the failed operation and problematic record to the Connect application log. This is 'false' by default, so that only errors that are not tolerated are reported.",
    group: 'Error Handling',
    orderInGroup: 4,
    width: 'short',
    displayName: 'Log Errors',
  },
  'errors.log.include.messages': {
    type: 'boolean',
    importance: 'medium',
    default: false,
    doc: "Whether to include in the log the Connect record that resulted in a failure. For sink records, the topic, partition, offset, and timestamp will be logged. For source records, the key and value (and their schemas), all headers, and the timestamp, Kafka topic, Kafka partition, source partition, and source offset will be logged. This is 'false' by default, which will prevent record keys, values, and headers from being written to log files.",
    group: 'Error Handling',
    orderInGroup: 5,
    width: 'short',
    displayName: 'Log Error Details',
  },
} as const satisfies ConfigDef

// The texts of ConfigDef.NonEmptyStringWithoutControlChars.
function refuseName(name: string): string | undefined {
  if (name === '') return 'String may not be empty'
  const codes = Array.from({ length: name.length }, (_, at) => name.charCodeAt(at))
  const control = codes.filter((code) => code < 0x20 || (code >= 0x7f && code < 0xa0))
  return control.length === 0
    ? undefined
    : `String may not contain control sequences but had the following ASCII chars: ${control.join(', ')}`
}

/** Of transforms, predicates and topic creation groups. */
export function refuseAliases(aliases: readonly string[] | null): string | undefined {
  if (aliases === null) return 'entry must be non null'
  return new Set(aliases).size === aliases.length ? undefined : 'Duplicate alias provided.'
}
