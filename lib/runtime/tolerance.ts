/** Retry, tolerance, error log and error metrics of one task: what Kafka Connect's RetryWithToleranceOperator does. */
import { randomInt } from 'node:crypto'
import { parseConfig, type RawConfig } from '../config/config-def.ts'
import { commonConfig } from '../config/connector-config.ts'
import { LOGGERS, named } from '../config/loggers.ts'
import type { TotalName } from '../config/metrics.ts'
import { ConnectError, isRetriable } from '../errors.ts'
import type { Ports, TaskEvent } from '../ports.ts'
import type { LastErrors } from './last-errors.ts'

/** Where in a record's way something failed, in Kafka Connect's words. */
export type Stage =
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'TASK_PUT'

/** What went wrong with a record, and which class was at work. */
export type Trouble = {
  readonly stage: Stage
  readonly className: string
  readonly error: unknown
}

/** What is told of a record that something went wrong with. */
export type Told = {
  /** topic, partition and offset of a sink's; topic, source partition and source offset of a source's */
  readonly place: Readonly<Record<string, unknown>>
  /** Kafka Connect's own words for it: `, where consumed record is {…}` */
  readonly details: () => string
}

/** Lets `ms` pass before another attempt. False: the run has to end before, and what is in hand is handed back. */
export type Wait = (ms: number, error: unknown) => Promise<boolean>

export type Tolerance = {
  /** Does again what failed, as long as its fault may heal and `errors.retry.timeout` lasts. Undefined: it is handed back. */
  heal<T>(
    error: unknown,
    again: () => T,
    wait: Wait,
  ): Promise<{ readonly result: T } | { readonly error: unknown } | undefined>
  /**
   * Invariant 3: counts and logs a record that is given up. Undefined: it may be left out; else what its task fails with,
   * once the record is in the dead letter queue.
   */
  giveUp(trouble: Trouble, told: Told): ConnectError | undefined
}

const ERROR_HANDLING = {
  'errors.retry.timeout': commonConfig['errors.retry.timeout'],
  'errors.retry.delay.max.ms': commonConfig['errors.retry.delay.max.ms'],
  'errors.tolerance': commonConfig['errors.tolerance'],
  'errors.log.enable': commonConfig['errors.log.enable'],
  'errors.log.include.messages': commonConfig['errors.log.include.messages'],
} as const

/** RETRIES_DELAY_MIN_MS in RetryWithToleranceOperator. */
const FIRST_DELAY_MS = 300

export function toleranceOf(
  config: RawConfig,
  task: TaskEvent,
  { clock, log, metrics }: Pick<Ports, 'clock' | 'log' | 'metrics'>,
  noted: LastErrors['noteRecord'] = () => undefined,
  randomBelow: (limit: number) => number = evenly,
): Tolerance {
  const settings = parseConfig(ERROR_HANDLING, config)
  const [timeoutMs, maxDelayMs] = [
    settings['errors.retry.timeout'],
    settings['errors.retry.delay.max.ms'],
  ]
  const isTolerated = settings['errors.tolerance'] === 'all'
  const reporter = named(log, LOGGERS.errors)
  const count = (name: TotalName) => metrics.add(name, 1, task)

  const delayMs = (attempt: number, leftMs: number): number => {
    const doubledMs = FIRST_DELAY_MS * 2 ** (attempt - 1)
    return Math.min(doubledMs > maxDelayMs ? randomBelow(maxDelayMs) : doubledMs, leftMs)
  }

  return {
    async heal(first, again, wait) {
      const endsAt = timeoutMs < 0 ? Number.POSITIVE_INFINITY : clock.monotonic() + timeoutMs
      let error = first
      for (let attempt = 1; isRetriable(error); attempt++) {
        count('total-record-failures')
        const leftMs = endsAt - clock.monotonic()
        if (leftMs <= 0) break
        if (!(await wait(delayMs(attempt, leftMs), error))) return undefined
        count('total-retries')
        try {
          return { result: again() }
        } catch (failure) {
          error = failure
        }
      }
      return { error }
    },
    giveUp(trouble, told) {
      count('total-record-failures')
      metrics.set('last-error-timestamp', clock.now(), task)
      if (settings['errors.log.enable']) {
        const details = settings['errors.log.include.messages'] ? told.details() : ''
        reporter.error(logLine(task, trouble, details), { ...task, error: trouble.error })
        count('total-errors-logged')
      }
      // RetryWithToleranceOperator.executeFailed counts no record that a task reports and may leave out.
      if (!isTolerated || trouble.stage !== 'TASK_PUT') count('total-record-errors')
      const failure = isTolerated ? undefined : exceeded(trouble, told)
      noted(trouble, told, failure)
      if (!failure && trouble.stage !== 'TASK_PUT') count('total-records-skipped')
      return failure
    },
  }
}

const evenly = (limit: number): number => (limit < 1 ? 0 : randomInt(Math.min(limit, 2 ** 47)))

const logLine = (
  { connector, task }: TaskEvent,
  { stage, className }: Trouble,
  details: string,
): string =>
  `Error encountered in task ${connector}-${task}. Executing stage '${stage}' with class '${className}'${details}.`

const exceeded = ({ stage, className, error }: Trouble, { place }: Told): ConnectError =>
  new ConnectError(
    `Tolerance exceeded in error handler\n(stage ${stage}, class ${className}, record ${placeText(place)})`,
    { cause: error },
  )

// Every digit counts: it is by them that somebody finds the record.
const placeText = (place: Told['place']): string =>
  JSON.stringify(place, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
