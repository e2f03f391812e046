import type { KafkaRecord, OffsetMap, SourceRecord } from '../data/record.ts'
import { NO_HEADERS } from '../data/record.ts'
import { DataError, RetriableError } from '../errors.ts'
import type { SourceTask } from '../plugin.ts'
import type { Clock, Ports, Producer, StoredOffset, TaskEvent } from '../ports.ts'
import type { Committer } from './committer.ts'
import type { Converters } from './converters.ts'
import type { Tenure } from './tenure.ts'
import type { Stage, Tolerance } from './tolerance.ts'

type Pump = {
  readonly event: TaskEvent
  readonly tenure: Tenure
  readonly ports: Ports
  readonly task: SourceTask
  readonly producer: Producer
  readonly commits: Committer
  readonly converters: Converters
  readonly tolerance: Tolerance
  /** counts what Kafka has acknowledged */
  readonly delivered: { records: number }
}

/** How long the last page may take once the run has to end: an invocation ends 15 s later, and its offset is to be stored by then. */
const LAST_SEND_MS = 8_000

/**
 * Moves pages until the tenure ends. While one page is produced the next is read and converted; never more than one is on its way to Kafka.
 * @throws what poll, conversion, produce or commit failed with, after the pages before it are in Kafka.
 */
export async function pump(through: Pump): Promise<void> {
  const { event, tenure, ports, task, commits, delivered } = through
  const { clock, worker, metrics } = ports
  let sending = Promise.resolve()
  let foundAt = clock.monotonic()
  let polling = poll(task)
  try {
    while (!tenure.ending()) {
      const page = await tenure.unlessEnded(polling)
      if (!page) break
      if (page.length === 0) {
        if (!(await isSent())) break
        await commits.flush()
        if (idledEnough(foundAt)) break
        await clock.sleep(task.pollIntervalMs, tenure.signal)
        polling = poll(task)
        continue
      }
      polling = poll(task)
      foundAt = clock.monotonic()
      metrics.add('source-record-poll-total', page.length, event)
      const { records, offsets, failure } = convert(page, through)
      if (!(await isSent())) break
      sending = produce(records, offsets, through)
      // It is awaited in the next round; until then a failure must not count as unhandled.
      sending.catch(() => undefined)
      if (failure) throw failure.error
    }
  } finally {
    // A failed send outweighs what ended the loop: it decides from where to go on.
    if (!(await isSent())) await sendInTime(sending, clock)
  }

  /** False when the run has to end before it is. */
  function isSent(): Promise<boolean | undefined> {
    return tenure.unlessEnded(sending.then(() => true))
  }

  function idledEnough(since: number): boolean {
    if (worker.idleTimeoutMs === -1) return false
    const enough = delivered.records === 0 || clock.monotonic() - since >= worker.idleTimeoutMs
    if (enough) tenure.end(delivered.records === 0 ? 'drained' : 'idle')
    return enough
  }
}

/** @throws RetriableError when Kafka does not answer in time: the producer is disconnected then, and the offsets stay as they are. */
async function sendInTime(sending: Promise<void>, clock: Clock): Promise<void> {
  const sent = new AbortController()
  const overdue = async () => {
    await clock.sleep(LAST_SEND_MS, sent.signal)
    if (!sent.signal.aborted)
      throw new RetriableError(`Kafka did not acknowledge the last records in ${LAST_SEND_MS} ms`)
  }
  try {
    await Promise.race([sending, overdue()])
  } finally {
    sent.abort()
  }
}

/** A poll may be under way when the run ends: its failure then is nobody's concern. */
function poll(task: SourceTask): Promise<readonly SourceRecord[]> {
  const polling = task.poll()
  polling.catch(() => undefined)
  return polling
}

async function produce(
  records: readonly KafkaRecord[],
  offsets: readonly StoredOffset[],
  { event, tenure, ports, producer, commits, delivered }: Pump,
): Promise<void> {
  if (records.length > 0) await producer.send(records, tenure.mayStillSend)
  delivered.records += records.length
  ports.metrics.add('source-record-write-total', records.length, event)
  // Invariant 1: Kafka has every record up to these offsets.
  commits.acknowledge(offsets)
}

type Converted = {
  readonly records: readonly KafkaRecord[]
  /** the newest of each source partition */
  readonly offsets: readonly StoredOffset[]
  /** what stopped the conversion; records and offsets before it stand */
  readonly failure?: { readonly error: unknown }
}

function convert(page: readonly SourceRecord[], { converters, tolerance }: Pump): Converted {
  const { key: keys, value: values } = converters
  const records: KafkaRecord[] = []
  // By identity: a task gives the same partition object again and again. Where it does not, the later entry wins in the commit.
  const offsets = new Map<OffsetMap, OffsetMap>()
  const converted = (failure?: { readonly error: unknown }): Converted => ({
    records,
    offsets: [...offsets].map(([partition, offset]) => ({ partition, offset })),
    ...(failure && { failure }),
  })
  for (const record of page) {
    const { topic, partition, timestamp, sourcePartition, sourceOffset } = record
    let stage: Stage = 'HEADER_CONVERTER'
    try {
      if (record.headers.length > 0) throw new DataError('Record headers are not supported yet')
      stage = 'KEY_CONVERTER'
      const key = keys.fromConnect(topic, record.keySchema, record.key)
      stage = 'VALUE_CONVERTER'
      const value = values.fromConnect(topic, record.valueSchema, record.value)
      records.push({ topic, partition, key, value, timestamp, headers: NO_HEADERS })
    } catch (error) {
      try {
        tolerance(stage, error, { topic, sourcePartition, sourceOffset })
      } catch (untolerated) {
        return converted({ error: untolerated })
      }
    }
    // Skipped records count too: their offset must move on, or they would be polled again forever.
    offsets.set(sourcePartition, sourceOffset)
  }
  return converted()
}
