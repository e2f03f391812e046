import type { KafkaRecord, SourceRecord } from '../data/record.ts'
import { messageOf, RetriableError } from '../errors.ts'
import type { SourceTask } from '../plugin.ts'
import type { Clock, Ports, Producer, StoredOffset, TaskEvent } from '../ports.ts'
import type { Committer } from './committer.ts'
import { type Passage, passAll } from './passage.ts'
import type { Polled, SourceProgress } from './source-progress.ts'
import { newestOffsets, type SourceWay } from './source-records.ts'
import type { Tenure } from './tenure.ts'
import type { Tolerance, Trouble, Wait } from './tolerance.ts'
import type { TopicTracker } from './topic-tracker.ts'

export type Pump = {
  readonly event: TaskEvent
  readonly tenure: Tenure
  readonly ports: Ports
  readonly task: SourceTask
  readonly producer: Producer
  readonly commits: Committer
  readonly passage: Passage<SourceRecord, SourceWay, KafkaRecord>
  readonly tolerance: Tolerance
  readonly topics: TopicTracker
  readonly progress: SourceProgress
  /** absent: there is no dead letter queue */
  readonly letterOf?: (record: SourceRecord, trouble: Trouble) => KafkaRecord
  /** counts what Kafka has acknowledged, and tells since when a request waits for that */
  readonly delivered: { records: number; sendingSince?: number | undefined }
  /** asked while nothing is on its way what there is to say of the task; whether all that it has found is delivered, or some of it */
  readonly report: (isWorking: boolean) => Promise<void>
}

/** How long the last page may take once the run has to end: an invocation ends 15 s later, and its offset is to be stored by then. */
const LAST_SEND_MS = 8_000

/**
 * Moves pages until the tenure ends. While one page is produced the next is read and converted; never more than one is on its way to Kafka.
 * @throws what poll, conversion, produce or commit failed with, after the pages before it are in Kafka.
 */
export async function pump(through: Pump): Promise<void> {
  const { event, tenure, ports, commits, delivered, progress } = through
  const { clock, worker, metrics, log } = ports
  let sending = Promise.resolve()
  let foundAt = clock.monotonic()
  let polling = poll(through)
  try {
    while (!tenure.ending()) {
      const page = await tenure.unlessEnded(polling)
      if (!page) break
      if (page.records.length === 0) {
        if (!(await isSent())) break
        progress.drained(page)
        await through.report(true)
        await commits.flush()
        if (idledEnough(foundAt)) break
        await clock.sleep(through.task.pollIntervalMs, tenure.signal)
        polling = poll(through)
        continue
      }
      polling = poll(through)
      foundAt = clock.monotonic()
      progress.took(page)
      metrics.measure('batch-size', page.records.length, event)
      log.debug?.(`Polled ${page.records.length} records`, event)
      const ready = await made(page, through)
      if (!ready || !(await isSent())) break
      await through.report(delivered.records > 0)
      sending = produce(ready, through)
      // It is awaited in the next round; until then a failure must not count as unhandled.
      sending.catch(() => undefined)
      if (ready.failure) throw ready.failure
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
function poll({ progress, task }: Pump): Promise<Polled> {
  const polling = progress.poll(task)
  polling.catch(() => undefined)
  return polling
}

/** What goes to Kafka of a page. */
type Ready = {
  readonly page: Polled
  readonly records: readonly KafkaRecord[]
  readonly letters: readonly KafkaRecord[]
  /** the newest of each source partition */
  readonly offsets: readonly StoredOffset[]
  /** what stopped the page; records, letters and offsets before it stand */
  readonly failure?: Error
}

/** Undefined when the run has to end while a record waits for another attempt: the page is polled again. */
async function made(page: Polled, through: Pump): Promise<Ready | undefined> {
  const { passage, tolerance, letterOf, event, ports } = through
  const passed = await passAll(page.records, passage, tolerance, waitIn(through))
  if (!passed) return undefined
  const { results: records, troubles, done, failure } = passed
  const letters = letterOf
    ? troubles.map(({ original, trouble }) => letterOf(original, trouble))
    : []
  if (letters.length > 0)
    ports.metrics.add('deadletterqueue-produce-requests', letters.length, event)
  const offsets = newestOffsets(page.records, done)
  return { page, records, letters, offsets, ...(failure && { failure }) }
}

const waitIn =
  ({ event, tenure, ports: { clock, log } }: Pump): Wait =>
  async (ms, error) => {
    log.warn(`Source task processes a record again in ${ms} ms: ${messageOf(error)}`, event)
    await clock.sleep(ms, tenure.signal)
    return !tenure.ending()
  }

/** Dead letters go out together with their page, so before its offset. */
async function produce(
  { page, records, letters, offsets, failure }: Ready,
  { event, tenure, ports, producer, commits, topics, delivered, progress }: Pump,
): Promise<void> {
  const { clock, log, metrics } = ports
  const beganAt = clock.monotonic()
  const all = letters.length === 0 ? records : [...records, ...letters]
  delivered.sendingSince = beganAt
  try {
    if (all.length > 0) await producer.send(all, tenure.mayStillSend)
  } catch (error) {
    if (letters.length > 0) metrics.add('deadletterqueue-produce-failures', letters.length, event)
    throw error
  } finally {
    delivered.sendingSince = undefined
  }
  delivered.records += all.length
  progress.acknowledged(page, failure === undefined)
  metrics.add('source-record-write-total', records.length, event)
  log.debug?.(`Kafka has ${all.length} records`, { ...event, ms: msSince(beganAt, clock) })
  log.trace?.('Their source offsets', { ...event, offsets })
  topics.saw(records, tenure.view().topicsReset)
  // Invariant 1: Kafka has every record up to these offsets.
  commits.acknowledge(offsets)
}

const msSince = (beganAt: number, clock: Pick<Clock, 'monotonic'>): number =>
  Math.round(clock.monotonic() - beganAt)
