import type { WorkerProperties } from '../config/worker-config.ts'
import type { KafkaEvent } from '../data/kafka-event.ts'
import { messageOf } from '../errors.ts'
import { kafkaSettings } from '../kafka/client.ts'
import { kafkaGroups } from '../kafka/groups.ts'
import { kafkaProducers } from '../kafka/producers.ts'
import { kafkaTopics } from '../kafka/topics.ts'
import type { Clock, Log, Ports } from '../ports.ts'

export type LocalKafka = {
  readonly ports: Pick<Ports, 'producers' | 'topics' | 'groups' | 'mappings'>
  /** Empty when no broker answers. */
  clusterId(): Promise<string>
  close(): Promise<void>
}

export function localKafka({
  properties,
  log,
}: {
  readonly properties: WorkerProperties
  readonly clock: Clock
  readonly log: Log
  readonly invokeSink: (
    event: KafkaEvent,
    invocation: { readonly connector: string; readonly id: string; readonly remainingMs: () => number },
  ) => Promise<unknown>
}): LocalKafka {
  const settings = kafkaSettings(properties)
  const topics = kafkaTopics(settings, log)
  const groups = kafkaGroups(settings, log)
  return {
    ports: { producers: kafkaProducers(settings, log), topics, groups, mappings: { ensure: async () => undefined, remove: async () => undefined, list: async () => [] } },
    async clusterId() {
      try {
        return await topics.clusterId()
      } catch (error) {
        log.warn(`Kafka does not answer yet: ${messageOf(error)}`)
        return ''
      }
    },
    async close() {
      topics.close()
      groups.close()
    },
  }
}
