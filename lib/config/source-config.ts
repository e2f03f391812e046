import type { ConfigDef, RawConfig } from './config-def.ts'
import { commonConfig, type Messages, refuseAliases } from './connector-config.ts'

/** The keys that every source connector has. */
export const sourceConfig = {
  ...commonConfig,
  'topic.creation.groups': {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'Aliases of groups of topics; topic.creation.<alias>.* says how the topics of a group are created.',
    refuse: refuseAliases,
    group: 'Topic Creation',
    orderInGroup: 1,
    width: 'long',
    displayName: 'Topic Creation Groups',
  },
  'exactly.once.support': {
    type: 'string',
    importance: 'medium',
    default: 'requested',
    oneOfIgnoringCase: ['REQUIRED', 'REQUESTED'],
    doc: 'Whether the connector is refused ("required") or runs all the same ("requested") where exactly-once delivery cannot be had.',
    group: 'Exactly Once Support',
    orderInGroup: 2,
    width: 'short',
    displayName: 'Exactly once support',
  },
  'transaction.boundary': {
    type: 'string',
    importance: 'medium',
    default: 'poll',
    oneOfIgnoringCase: ['INTERVAL', 'POLL', 'CONNECTOR'],
    doc: 'What one transaction of exactly-once delivery holds: the records of a poll, of an interval, or what the connector says.',
    group: 'Exactly Once Support',
    orderInGroup: 3,
    width: 'short',
    displayName: 'Transaction Boundary',
  },
  'transaction.boundary.interval.ms': {
    type: 'long',
    importance: 'low',
    default: null,
    refuse: (interval) =>
      interval !== null && interval < 0 ? 'Value must be at least 0' : undefined,
    doc: "Length of a transaction where transaction.boundary is interval; left out: the worker's offset.flush.interval.ms.",
    group: 'Exactly Once Support',
    orderInGroup: 4,
    width: 'short',
    displayName: 'Transaction boundary interval',
  },
  'offsets.storage.topic': {
    type: 'string',
    importance: 'low',
    default: null,
    refuse: (topic) => (topic === '' ? 'String must be non-empty' : undefined),
    doc: "Offsets topic of this connector alone; left out: the worker's.",
    group: 'offsets.topic',
    orderInGroup: 1,
    width: 'long',
    displayName: 'Offsets topic',
  },
} as const satisfies ConfigDef

/** What one key alone cannot tell, as long as no worker delivers exactly once and no connector sets the bounds of transactions. */
export function validateSource(config: RawConfig): Messages {
  const wants = (key: string, value: string) => config[key]?.trim().toLowerCase() === value
  return {
    ...(wants('exactly.once.support', 'required') && {
      'exactly.once.support': ['This worker does not have exactly-once source support enabled.'],
    }),
    ...(wants('transaction.boundary', 'connector') && {
      'transaction.boundary': [
        'The connector does not support connector-defined transaction boundaries with the given configuration. Please reconfigure it to use a different transaction boundary definition.',
      ],
    }),
  }
}
