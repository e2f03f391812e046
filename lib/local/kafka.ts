import { LOGGERS, named } from '../config/loggers.ts'
import type { WorkerProperties } from '../config/worker-config.ts'
import { messageOf } from '../errors.ts'
import { kafkaSettings } from '../kafka/client.ts'
import { kafkaGroups } from '../kafka/groups.ts'
import { kafkaProducers } from '../kafka/producers.ts'
import { kafkaTopics } from '../kafka/topics.ts'
import type { Clock, Log, Ports } from '../ports.ts'
import type { InvokeSink } from './kafka-delivery.ts'
import { kafkaPoller } from './kafka-poller.ts'
import { localMappings } from './mappings.ts'

/** Kafka's side of one process: its ports, and the poller that feeds its mappings. */
export type LocalKafka = {
  readonly ports: Pick<Ports, 'producers' | 'topics' | 'groups' | 'mappings'>
  /** Connectors that have mappings in this process. */
  mapped(): readonly string[]
  /** Empty when no broker answers. */
  clusterId(): Promise<string>
  /** Resolves when the running invocations have ended. */
  close(): Promise<void>
}

/** @throws ConfigError naming the property that is wrong. */
export function localKafka(setup: {
  readonly properties: WorkerProperties
  readonly clock: Clock
  readonly log: Log
  readonly invokeSink: InvokeSink
}): LocalKafka {
  const { properties } = setup
  const log = named(setup.log, LOGGERS.kafka)
  const kafka = kafkaSettings(properties)
  const topics = kafkaTopics(kafka, log)
  const groups = kafkaGroups(kafka, log)
  const sessionTimeoutMs = properties['session.timeout.ms']
  const settings = { sessionTimeoutMs, heartbeatIntervalMs: Math.floor(sessionTimeoutMs / 4) }
  const mappings = localMappings(
    kafkaPoller({ ...setup, log: named(log, LOGGERS.consumer), kafka, topics, settings }),
  )
  return {
    ports: { producers: kafkaProducers(kafka, log), topics, groups, mappings },
    mapped: mappings.connectors,
    async clusterId() {
      try {
        return await topics.clusterId()
      } catch (error) {
        log.warn(`Kafka does not answer yet: ${messageOf(error)}`)
        return ''
      }
    },
    async close() {
      await mappings.close()
      topics.close()
      groups.close()
    },
  }
}
