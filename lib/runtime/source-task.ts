/** Runs one source task for as long as this invocation may be it: poll ▶ transform ▶ convert ▶ produce ▶ commit offset ▶ next poll. */
import { parseConfig, type RawConfig } from '../config/config-def.ts'
import { named } from '../config/loggers.ts'
import { ConnectError, FencedError, isRetriable, messageOf } from '../errors.ts'
import type { Plugins, SourceConnector, SourceTask } from '../plugin.ts'
import type { Invocation, Ports, Status, TaskEvent } from '../ports.ts'
import { committer } from './committer.ts'
import { convertersOf } from './converters.ts'
import {
  type DeadLetterQueue,
  deadLetterQueueOf,
  ensureQueue,
  sourceLetter,
} from './dead-letters.ts'
import { holderOf } from './holder.ts'
import { type LastErrors, lastErrors } from './last-errors.ts'
import { takeLease } from './lease-take.ts'
import { tellLife } from './life-line.ts'
import { measuredCommits } from './measured-commits.ts'
import { nudge } from './nudge.ts'
import { type Pump, pump } from './pump.ts'
import { runningConfig } from './resolve-config.ts'
import { type SourceProgress, sourceProgress } from './source-progress.ts'
import { sourcePassage } from './source-records.ts'
import { reporter, say, sayThatItRuns } from './source-status.ts'
import { offsetsAmong } from './stored-offsets.ts'
import { sameRun, statusOfRun, type TaskView, viewTask } from './task-view.ts'
import { tellUntil } from './telling.ts'
import { beginTenure, type Ending, type Tenure } from './tenure.ts'
import { toleranceOf } from './tolerance.ts'
import { type TopicTracker, topicTracker } from './topic-tracker.ts'
import { transformsOf } from './transforms.ts'

export async function runSource(
  event: TaskEvent,
  invocation: Invocation,
  ports: Ports,
  plugins: Plugins,
): Promise<void> {
  const view = await viewTask(event, ports)
  const status = view && (await statusOfRun(event, view, ports))
  if (!view || !(await hasWork(view, status, ports))) return
  const taken = await takeLease(event, view, invocation, ports)
  if (!taken) return

  const progress = sourceProgress(event, ports, taken.lease.caughtUpAt)
  const tenure = beginTenure(event, view, { ...taken, progress }, invocation, ports)
  const { epoch, generation } = taken.lease
  ports.log.debug?.('Lease taken', { ...event, epoch, generation, invocation: invocation.id })
  const topics = topicTracker(event.connector, ports)
  const over = new AbortController()
  const telling = tellUntil(over.signal, progress.tell, ports)
  try {
    const errors = lastErrors(ports.clock, status?.lastError)
    await whileTenured({ event, view, tenure, progress, errors, topics, ports, plugins })
  } finally {
    over.abort()
    await telling
    if (!STAYS_KNOWN.has(tenure.ending())) progress.forget()
    await topics.written()
    await tenure.finish()
    await release(tenure, event, { progress, ports })
    const ending = tenure.ending()
    if (ending && TOLD.has(ending)) ports.log.info(`Source task ends here: ${ending}`, event)
  }
}

/** What ends more than a passing look at an idle table. */
const TOLD: ReadonlySet<Ending> = new Set<Ending>([
  'gone',
  'changed',
  'fenced',
  'claimed',
  'out of time',
])

/** Nobody else is the task after these, until the next tick. */
const STAYS_KNOWN: ReadonlySet<Ending | undefined> = new Set<Ending>(['drained', 'idle'])

type Run = {
  readonly event: TaskEvent
  readonly view: TaskView
  readonly tenure: Tenure
  readonly progress: SourceProgress
  readonly errors: LastErrors
  readonly topics: TopicTracker
  readonly ports: Ports
  readonly plugins: Plugins
}

async function hasWork(view: TaskView, status: Status | undefined, ports: Ports): Promise<boolean> {
  if (status?.state === 'FAILED') return false
  if (status?.state !== 'PAUSED' || view.targetState !== 'PAUSED') return true
  // Nobody else will say any more that it is.
  return (await holderOf(status, ports)) === 'gone'
}

async function whileTenured(run: Run): Promise<void> {
  const { event, view, tenure, ports } = run
  // The rows may have moved between the look and the lease; from here on the tenure watches them.
  const now = await viewTask(event, ports)
  if (!now || !sameRun(now, view)) return
  if (!(await hasWork(now, await statusOfRun(event, now, ports), ports))) return
  const connector = await sourceOrFail(run)
  if (!connector) return
  if (now.targetState === 'RUNNING') await startAgainAndAgain(run, connector)
  if (now.targetState === 'PAUSED' || tenure.ending() === 'paused')
    await sayPaused(run, connector.version)
}

async function sayPaused(run: Run, version: string): Promise<void> {
  const { event, view, ports } = run
  const said = { state: 'PAUSED', version } as const
  const status = await statusOfRun(event, view, ports)
  if (await say(run, said)) tellLife('Source', event, said, { status }, ports.log)
}

const MAX_FIRST_STARTS = 3
const MAX_BACKOFF_MS = 30_000

/** A fault that can heal is met by starting anew from the stored offset; any other makes the task FAILED. */
async function startAgainAndAgain(run: Run, connector: SourceConnector): Promise<void> {
  const { event, view, tenure, errors, ports } = run
  let failures = 0
  while (!tenure.ending()) {
    const delivered: Pump['delivered'] = { records: 0 }
    const beganAt = ports.clock.monotonic()
    try {
      return await runOnce(run, connector, delivered)
    } catch (error) {
      if (error instanceof FencedError) return tenure.end('fenced')
      if (tenure.ending() === 'fenced') return
      const ranWell =
        delivered.records > 0 || ports.clock.monotonic() - beganAt > 2 * MAX_BACKOFF_MS
      failures = ranWell ? 1 : failures + 1
      const hasRun = (await statusOfRun(event, view, ports))?.state === 'RUNNING'
      if (!isRetriable(error) || (!hasRun && failures >= MAX_FIRST_STARTS))
        return fail(run, connector.version, error)
      const reason = `starts again: ${messageOf(error)}`
      ports.log.warn(`Source task ${reason}`, { ...event, error })
      errors.noteFailure(error)
      if (hasRun) await say(run, { state: 'RUNNING', version: connector.version, reason })
      await ports.clock.sleep(Math.min(MAX_BACKOFF_MS, 500 * 2 ** failures), tenure.signal)
    }
  }
}

async function runOnce(
  run: Run,
  connector: SourceConnector,
  delivered: Pump['delivered'],
): Promise<void> {
  const { event, view, tenure, progress, topics, ports } = run
  progress.begin()
  const config = await runningConfig(view.config, ports)
  const way = wayOf(config, run)
  const starting = startTask(run, connector, { config, queue: way.queue })
  const task = await tenure.unlessEnded(starting)
  if (!task) return stopOnceStarted(starting)
  try {
    // Refused: the rows have moved on, or the task has FAILED meanwhile.
    const beginning = await sayThatItRuns(run, connector.version)
    if (!beginning.isSaid) return tenure.end('changed')
    const producer = await ports.producers.connect(
      `connector-producer-${event.connector}-${event.task}`,
    )
    const commits = committer(
      measuredCommits(event, ports),
      tenure.lease,
      ports.worker.offsetFlushIntervalMs,
      ports.clock,
    )
    const over = new AbortController()
    const { report, reportLasting } = reporter(run, connector.version, delivered, beginning)
    const lasting = reportLasting(over.signal)
    try {
      await pump({
        event,
        tenure,
        ports,
        task,
        producer,
        commits,
        topics,
        progress,
        delivered,
        report,
        ...way,
      })
    } finally {
      over.abort()
      await lasting
      // Invariant 8: disconnecting ends a send that is still on its way; what it did not acknowledge is not committed.
      await producer.disconnect()
      await commits.flush()
    }
  } finally {
    await task.stop()
  }
}

type Way = Pick<Pump, 'passage' | 'tolerance' | 'letterOf'> & {
  readonly queue: DeadLetterQueue | undefined
}

/** What each record passes, and what is done about those that cannot. */
function wayOf(config: RawConfig, { event, errors, ports, plugins }: Run): Way {
  const converters = convertersOf(config, ports.worker.converters, plugins)
  const queue = deadLetterQueueOf(config)
  return {
    passage: sourcePassage(converters, transformsOf(config, plugins)),
    tolerance: toleranceOf(config, event, ports, errors.noteRecord),
    queue,
    ...(queue && {
      letterOf: (record, trouble) =>
        sourceLetter(queue, event, { record, trouble, keys: converters.key }),
    }),
  }
}

async function startTask(
  { event, ports }: Run,
  connector: SourceConnector,
  { config, queue }: { readonly config: RawConfig; readonly queue: DeadLetterQueue | undefined },
): Promise<SourceTask> {
  if (queue) await ensureQueue(queue, ports.topics)
  const stored = await ports.offsets.read(event.connector)
  const log = named(ports.log, connector.name)
  return connector.startTask(parseConfig(connector.config, config), {
    ...event,
    offsets: offsetsAmong(stored),
    warn: (message, details) => log.warn(message, { ...event, ...details }),
  })
}

/** It ends by itself; nobody waits for a server that does not answer. */
function stopOnceStarted(starting: Promise<SourceTask>): void {
  starting.then((task) => task.stop()).catch(() => undefined)
}

function sourceOf({ view, plugins }: Run): SourceConnector {
  const connector = plugins.connector(view.config['connector.class'] ?? '')
  if (connector.kind === 'source') return connector
  throw new ConnectError(`${connector.name} is not a source connector`)
}

/** Undefined when the task FAILED for it. */
async function sourceOrFail(run: Run): Promise<SourceConnector | undefined> {
  try {
    return sourceOf(run)
  } catch (error) {
    await fail(run, '', error)
    return undefined
  }
}

async function fail(run: Run, version: string, error: unknown): Promise<void> {
  const { event, errors, ports } = run
  ports.log.error(`Source task failed: ${messageOf(error)}`, { ...event, error })
  errors.noteFailure(error)
  await say(run, { state: 'FAILED', version, error })
  await nudge(event.connector, ports)
}

/** A lease that cannot be given back expires by itself. */
async function release(
  tenure: Tenure,
  event: TaskEvent,
  { progress, ports: { leases, log } }: Pick<Run, 'progress' | 'ports'>,
): Promise<void> {
  try {
    await leases.release(tenure.lease, progress.caughtUpAt())
  } catch (error) {
    log.warn(`Could not release the lease: ${messageOf(error)}`, event)
  }
}
