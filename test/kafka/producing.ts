import type { KafkaRecord } from '../../lib/data/record.ts'
import { kafkaProducers, type ProducerSettings } from '../../lib/kafka/producers.ts'
import type { Producer } from '../../lib/ports.ts'
import { frameProxy, type Watch } from './frame-proxy.ts'
import { broker, recordOf, silentLog } from './kafka-fixture.ts'

export const always = () => true

export async function producing<T>(
  use: (producer: Producer) => Promise<T>,
  at: string = broker(),
  settings: ProducerSettings = {},
): Promise<T> {
  const producers = kafkaProducers({ brokers: at.split(',') }, silentLog(), settings)
  const producer = await producers.connect('connectless-test')
  try {
    return await use(producer)
  } finally {
    await producer.disconnect()
  }
}

export async function producingThrough<T>(
  watch: Watch,
  use: (producer: Producer, cuts: () => number) => Promise<T>,
  settings: ProducerSettings = {},
): Promise<T> {
  const proxy = await frameProxy(broker(), watch)
  try {
    return await producing((producer) => use(producer, proxy.cuts), proxy.address, settings)
  } finally {
    await proxy.close()
  }
}

/** Keys k0, k1 … and values v0, v1 … */
export const numbered = (topic: string, from: number, to: number): KafkaRecord[] =>
  Array.from({ length: to - from }, (_, at) =>
    recordOf(topic, { key: Buffer.from(`k${from + at}`), value: Buffer.from(`v${from + at}`) }),
  )
