/** Records that a sink task says it cannot write, each for a fault of its own: Kafka Connect's ErrantRecordReporter. */
import type { KafkaEventRecord } from '../data/kafka-event.ts'
import type { KafkaRecord, SinkRecord } from '../data/record.ts'
import type { Converters } from './converters.ts'
import type { DeadLetterSender } from './dead-letter-sender.ts'
import type { Consumed } from './dead-letters.ts'
import { consumedBytes, toldOf } from './sink-records.ts'
import type { Tolerance, Trouble } from './tolerance.ts'

/** A delivery that a task is busy with. */
export type Delivered = {
  readonly remainingMs: () => number
  /** what was reported meanwhile */
  readonly reports: Promise<void>[]
  /** the first report of a record that may not be left out: those after it come to the same, and are not sent any more */
  failing?: Promise<void>
}

export type ErrantRecords = {
  /** Resolves when the record may be left out: it is reported, and Kafka has its dead letter. @throws what the task has to let pass. */
  report(record: SinkRecord, error: unknown): Promise<void>
  /** Reports that come meanwhile are the delivery's. */
  during(
    delivery: {
      readonly consumed: readonly KafkaEventRecord[]
      readonly remainingMs: () => number
    },
    work: (delivered: Delivered) => Promise<void>,
  ): Promise<void>
}

type Given = {
  readonly tolerance: Tolerance
  readonly converters: Converters
  readonly letterOf: (consumed: Consumed, trouble: Trouble) => readonly KafkaRecord[]
  readonly sender: DeadLetterSender | undefined
}

/** As Kafka Connect names it, whichever task it was. */
const SINK_TASK = 'org.apache.kafka.connect.sink.SinkTask'

export function errantRecords({ tolerance, converters, letterOf, sender }: Given): ErrantRecords {
  const underWay = new Set<Delivered & { readonly originals: Originals }>()

  function reportOne(record: SinkRecord, error: unknown): Promise<void> {
    const trouble: Trouble = { stage: 'TASK_PUT', className: SINK_TASK, error }
    const deliveries = [...underWay]
    const failing = deliveries.find((delivery) => delivery.failing)?.failing
    if (failing) return failing
    // A record of a place that was read just now is the one that stood there, whatever has become of it.
    const original = deliveries
      .map(({ originals }) => originals(record))
      .find((found) => found !== undefined)
    const failure = tolerance.giveUp(trouble, toldOf(original ?? record))
    const send = async () => {
      const consumed = original ? consumedBytes(original) : convertedBack(record, converters)
      const mayStillSend = () => deliveries.some(({ remainingMs }) => remainingMs() > 0)
      await sender?.send(letterOf(consumed, trouble), mayStillSend)
      if (failure) throw failure
    }
    const reported = send()
    if (failure) for (const delivery of deliveries) delivery.failing = reported
    return reported
  }

  return {
    report(record, error) {
      const reported = reportOne(record, error)
      // Each delivery under way waits for it, also when the task does not.
      reported.catch(() => undefined)
      for (const { reports } of underWay) reports.push(reported)
      return reported
    },
    async during({ consumed, remainingMs }, work) {
      const delivered = { ...begun(remainingMs), originals: originalsIn(consumed) }
      underWay.add(delivered)
      try {
        await work(delivered)
      } finally {
        underWay.delete(delivered)
      }
    },
  }
}

const begun = (remainingMs: () => number): Delivered => ({ remainingMs, reports: [] })

/** The record as it was read. */
type Originals = (record: SinkRecord) => KafkaEventRecord | undefined

function originalsIn(consumed: readonly KafkaEventRecord[]): Originals {
  let byPlace: ReadonlyMap<string, KafkaEventRecord> | undefined
  return ({ originalTopic, originalPartition, offset }) => {
    // Made only where a record is errant.
    byPlace ??= new Map(consumed.map((one) => [placeOf(one.topic, one.partition, one.offset), one]))
    return byPlace.get(placeOf(originalTopic, originalPartition, offset))
  }
}

const placeOf = (topic: string, partition: number, offset: number | bigint): string =>
  `${partition} ${offset} ${topic}`

/** One that the task has made by itself has no bytes yet. */
function convertedBack(record: SinkRecord, { key, value, header }: Converters): Consumed {
  const { topic, partition, offset, timestamp } = record
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: key.converter.fromConnect(topic, record.keySchema, record.key),
    value: value.converter.fromConnect(topic, record.valueSchema, record.value),
    headers: record.headers.map((one) => ({
      key: one.key,
      value: header.converter.fromConnect(topic, one.schema, one.value),
    })),
  }
}
