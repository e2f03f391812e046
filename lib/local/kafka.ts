import { LOGGERS, named } from '../config/loggers.ts'
import type { WorkerProperties } from '../config/worker-config.ts'
import { kafkaSettings } from '../kafka/client.ts'
import { kafkaGroups } from '../kafka/groups.ts'
import { kafkaProducers } from '../kafka/producers.ts'
import { kafkaTopics } from '../kafka/topics.ts'
import type { Clock, Log, Ports } from '../ports.ts'
import { clusterId } from './cluster-id.ts'
import type { InvokeSink } from './kafka-delivery.ts'
import { kafkaPoller } from './kafka-poller.ts'
import { localMappings } from './mappings.ts'

/** Kafka's side of one process: its ports, and the poller that feeds its mappings. */
export type LocalKafka = {
  readonly ports: Pick<Ports, 'producers' | 'topics' | 'groups' | 'mappings'>
  /** Connectors that have mappings in this process. */
  mapped(): readonly string[]
  /** Resolves after the first attempt; what it gives is empty until a broker has answered. */
  clusterId(): Promise<() => string>
  /** Resolves when the running invocations have ended. */
  close(): Promise<void>
}

/** @throws ConfigError naming the property that is wrong. */
export function localKafka(setup: {
  readonly properties: WorkerProperties
  readonly clock: Clock
  readonly log: Log
  readonly invokeSink: InvokeSink
  /** Nothing is delivered to this connector's topic any more: its mapping is disabled or gone, and its last delivery has ended. */
  readonly ended: (connector: string) => void
}): LocalKafka {
  const { properties } = setup
  const log = named(setup.log, LOGGERS.kafka)
  const kafka = kafkaSettings(properties)
  const closing = new AbortController()
  const topics = kafkaTopics(kafka, log)
  const groups = kafkaGroups(kafka, log)
  const sessionTimeoutMs = properties['session.timeout.ms']
  const settings = { sessionTimeoutMs, heartbeatIntervalMs: Math.floor(sessionTimeoutMs / 4) }
  const consumerLog = named(log, LOGGERS.consumer)
  const poller = kafkaPoller({ ...setup, log: consumerLog, kafka, topics, settings })
  const mappings = localMappings(poller, setup.ended)
  return {
    ports: { producers: kafkaProducers(kafka, log), topics, groups, mappings },
    mapped: mappings.connectors,
    clusterId: () => clusterId(topics.clusterId, closing.signal, setup),
    async close() {
      closing.abort()
      await mappings.close()
      topics.close()
      groups.close()
    },
  }
}
