import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { KafkaEvent, KafkaEventRecord } from '../../lib/data/kafka-event.ts'
import { kafkaGroups } from '../../lib/kafka/groups.ts'
import { kafkaProducers } from '../../lib/kafka/producers.ts'
import { kafkaTopics } from '../../lib/kafka/topics.ts'
import type { InvokeSink } from '../../lib/local/kafka-delivery.ts'
import { kafkaPoller, type PollerSettings } from '../../lib/local/kafka-poller.ts'
import { localMappings } from '../../lib/local/mappings.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import type { Mapping } from '../../lib/ports.ts'
import { frameProxy, type Watch } from '../kafka/frame-proxy.ts'
import { asAdmin, broker, newName, recordOf, silentLog } from '../kafka/kafka-fixture.ts'

/** Mappings over one poller, and what their sink was called with. Ended by `await using`. */
export async function polling(
  of: {
    readonly sink?: InvokeSink
    readonly settings?: Partial<PollerSettings>
    readonly watch?: Watch
  } = {},
) {
  const proxy = of.watch && (await frameProxy(broker(), of.watch))
  const kafka = { brokers: [proxy?.address ?? broker()] }
  const log = silentLog()
  const topics = kafkaTopics({ brokers: [broker()] }, log)
  const groups = kafkaGroups({ brokers: [broker()] }, log)
  const taken: KafkaEventRecord[] = []
  const invokeSink: InvokeSink = async (event, invocation) => {
    await of.sink?.(event, invocation)
    taken.push(...recordsOf(event))
  }
  const poller = kafkaPoller({
    kafka,
    topics,
    invokeSink,
    clock: systemClock,
    log,
    settings: { ...of.settings },
  })
  const mappings = localMappings(poller)
  const used = new Set<string>()
  return {
    mappings: {
      ...mappings,
      ensure(mapping: Mapping) {
        used.add(mapping.group)
        return mappings.ensure(mapping)
      },
    },
    taken,
    log,
    committed: async (mapping: Mapping) =>
      (await groups.offsets(mapping.group, [mapping.topic])).map(({ committed }) => committed),
    async [Symbol.asyncDispose]() {
      await mappings.close()
      topics.close()
      groups.close()
      await proxy?.close()
      await asAdmin((admin) => admin.deleteGroups([...used])).catch(() => undefined)
    },
  }
}

export const recordsOf = (event: KafkaEvent): readonly KafkaEventRecord[] =>
  Object.values(event.records).flat()

export const mappingOf = (topic: string, of: Partial<Mapping> = {}): Mapping => ({
  connector: 'a-sink',
  topic,
  group: newName('group'),
  enabled: true,
  ...of,
})

export async function produce(topic: string, from: number, to: number): Promise<void> {
  const producer = await kafkaProducers({ brokers: [broker()] }, silentLog()).connect('test')
  const records = Array.from({ length: to - from }, (_, at) =>
    recordOf(topic, { key: Buffer.from(`k${from + at}`), value: Buffer.from(`v${from + at}`) }),
  )
  await producer.send(records, () => true)
  await producer.disconnect()
}

/** Waits for something that comes about by itself. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  ms = 20_000,
): Promise<void> {
  const endsAt = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > endsAt) assert.fail(`not within ${ms} ms: ${condition}`)
    await setTimeout(20)
  }
}

export const textOf = (base64: string | null | undefined): string =>
  Buffer.from(base64 ?? '', 'base64').toString()
export const valuesOf = (records: readonly KafkaEventRecord[]): string[] =>
  records.map(({ value }) => textOf(value))
export const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `v${from + at}`)
