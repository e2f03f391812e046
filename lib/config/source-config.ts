import type { ConfigDef, RawConfig } from './config-def.ts'
import { commonConfig, type Messages, refuseAliases } from './connector-config.ts'

/** The keys that every source connector has. */
export const sourceConfig = {
  ...commonConfig,
  'topic.creation.groups': {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'Groups of configurations for topics created by source connectors',
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
    doc: 'Permitted values are requested, required. If set to "required", forces a preflight check for the connector to ensure that it can provide exactly-once semantics with the given configuration. Some connectors may be capable of providing exactly-once semantics but not signal to Connect that they support this; in that case, documentation for the connector should be consulted carefully before creating it, and the value for this property should be set to "requested". Additionally, if the value is set to "required" but the worker that performs preflight validation does not have exactly-once support enabled for source connectors, requests to create or validate the connector will fail.',
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
    doc: "Permitted values are: poll, interval, connector. If set to 'poll', a new producer transaction will be started and committed for every batch of records that each task from this connector provides to Connect. If set to 'connector', relies on connector-defined transaction boundaries; note that not all connectors are capable of defining their own transaction boundaries, and in that case, attempts to instantiate a connector with this value will fail. Finally, if set to 'interval', commits transactions only after a user-defined time interval has passed.",
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
    doc: "If 'transaction.boundary' is set to 'interval', determines the interval for producer transaction commits by connector tasks. If unset, defaults to the value of the worker-level 'offset.flush.interval.ms' property. It has no effect if a different transaction.boundary is specified.",
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
    doc: "The name of a separate offsets topic to use for this connector. If empty or not specified, the worker’s global offsets topic name will be used. If specified, the offsets topic will be created if it does not already exist on the Kafka cluster targeted by this connector (which may be different from the one used for the worker's global offsets topic if the bootstrap.servers property of the connector's producer has been overridden from the worker's). Only applicable in distributed mode; in standalone mode, setting this property will have no effect.",
    group: 'offsets.topic',
    orderInGroup: 1,
    width: 'long',
    displayName: 'Offsets topic',
  },
} as const satisfies ConfigDef

/**
 * Beyond Kafka Connect, whose sources have no dead letters: these are keys of a source connector only where it names the topic, so that
 * the keys of all others stay the same.
 */
export const sourceDeadLetterConfig = {
  'errors.deadletterqueue.topic.name': {
    type: 'string',
    importance: 'medium',
    default: '',
    doc: 'The topic that is told of the rows which cannot be transformed or converted: where each is found, and what is wrong with it. Empty: there is none.',
    group: 'Error Handling',
    orderInGroup: 6,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Name',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'short',
    importance: 'medium',
    default: 3,
    doc: 'How many brokers keep the dead letter queue topic, when it has to be created.',
    group: 'Error Handling',
    orderInGroup: 7,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Replication Factor',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'boolean',
    importance: 'medium',
    default: false,
    doc: 'Whether a record in the dead letter queue has headers that say what failed; their names begin with __connect.errors.',
    group: 'Error Handling',
    orderInGroup: 8,
    width: 'medium',
    displayName: 'Enable Error Context Headers',
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
