/** The keys that every connector has, whatever its plugin: Kafka Connect 4.3.1's names, order, defaults and layout. */
import type { ConfigDef } from './config-def.ts'

/** What one key alone cannot tell, in Kafka's words: messages by key. */
export type Messages = Readonly<Record<string, readonly string[]>>

export const commonConfig = {
  name: {
    type: 'string',
    importance: 'high',
    doc: 'Name of this connector; no two connectors have the same.',
    refuse: (name) => (name === null ? undefined : refuseName(name)),
    group: 'Common',
    orderInGroup: 1,
    width: 'medium',
    displayName: 'Connector name',
  },
  'connector.class': {
    type: 'string',
    importance: 'high',
    doc: 'The plugin to run: its class name, the last part of that, or the last part without a trailing "Connector".',
    group: 'Common',
    orderInGroup: 2,
    width: 'long',
    displayName: 'Connector class',
  },
  'connector.plugin.version': {
    type: 'string',
    importance: 'medium',
    default: null,
    doc: 'Version of the plugin, or a range of versions.',
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
    doc: 'The work is shared out into at most this many tasks.',
    group: 'Common',
    orderInGroup: 4,
    width: 'short',
    displayName: 'Tasks max',
  },
  'tasks.max.enforce': {
    type: 'boolean',
    importance: 'low',
    default: true,
    doc: 'Deprecated. Whether a connector that makes more than tasks.max tasks fails.',
    group: 'Common',
    orderInGroup: 5,
    width: 'short',
    displayName: 'Enforce tasks max',
  },
  'key.converter': {
    type: 'class',
    importance: 'low',
    default: null,
    doc: "Converter of record keys, in place of the worker's together with all of the worker's settings for it. Its own settings follow as key.converter.*.",
    group: 'Common',
    orderInGroup: 6,
    width: 'short',
    displayName: 'Key converter class',
  },
  'key.converter.plugin.version': {
    type: 'string',
    importance: 'low',
    default: null,
    doc: 'Version of the key converter, or a range of versions.',
    group: 'Common',
    orderInGroup: 7,
    width: 'short',
    displayName: 'Key converter version',
  },
  'value.converter': {
    type: 'class',
    importance: 'low',
    default: null,
    doc: "Converter of record values, in place of the worker's together with all of the worker's settings for it. Its own settings follow as value.converter.*.",
    group: 'Common',
    orderInGroup: 8,
    width: 'short',
    displayName: 'Value converter class',
  },
  'value.converter.plugin.version': {
    type: 'string',
    importance: 'low',
    default: null,
    doc: 'Version of the value converter, or a range of versions.',
    group: 'Common',
    orderInGroup: 9,
    width: 'short',
    displayName: 'Value converter version',
  },
  'header.converter': {
    type: 'class',
    importance: 'low',
    default: null,
    doc: "Converter of record headers, in place of the worker's together with all of the worker's settings for it.",
    group: 'Common',
    orderInGroup: 10,
    width: 'short',
    displayName: 'Header converter class',
  },
  'header.converter.plugin.version': {
    type: 'string',
    importance: 'low',
    default: null,
    doc: 'Version of the header converter, or a range of versions.',
    group: 'Common',
    orderInGroup: 11,
    width: 'short',
    displayName: 'Header converter version',
  },
  transforms: {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'Aliases of the transforms that each record passes, in this order.',
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
    doc: 'Aliases of the predicates that transforms may be bound to.',
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
    doc: 'What is done when a value that this configuration refers to expires: "restart" starts the connector with the new value, "none" does nothing.',
    group: 'Common',
    orderInGroup: 14,
    width: 'medium',
    displayName: 'Reload Action',
  },
  'errors.retry.timeout': {
    type: 'long',
    importance: 'medium',
    default: 0,
    doc: 'For how many milliseconds a failed operation is tried again; 0: it is not, -1: for ever.',
    group: 'Error Handling',
    orderInGroup: 1,
    width: 'medium',
    displayName: 'Retry Timeout for Errors',
  },
  'errors.retry.delay.max.ms': {
    type: 'long',
    importance: 'medium',
    default: 60_000,
    doc: 'The longest wait between two tries, in milliseconds; the waits vary at random.',
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
    doc: 'Whether a record that cannot be processed fails its task ("none") or is left out ("all").',
    group: 'Error Handling',
    orderInGroup: 3,
    width: 'short',
    displayName: 'Error Tolerance',
  },
  'errors.log.enable': {
    type: 'boolean',
    importance: 'medium',
    default: false,
    doc: 'Whether tolerated errors are logged as well.',
    group: 'Error Handling',
    orderInGroup: 4,
    width: 'short',
    displayName: 'Log Errors',
  },
  'errors.log.include.messages': {
    type: 'boolean',
    importance: 'medium',
    default: false,
    doc: "Whether a logged error also shows the record. False keeps the record's content out of the log.",
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
