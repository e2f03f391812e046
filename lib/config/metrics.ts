/** The metrics: Kafka Connect's names, groups and meanings, and a few of our own. One table for CloudWatch, Prometheus and the documentation. */

export type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Percent' | 'None'

/** Kafka Connect's bean types without `-metrics`. */
export type MetricGroup =
  | 'connector-task'
  | 'source-task'
  | 'sink-task'
  | 'task-error'
  | 'connect-worker'

type Described = {
  readonly group: MetricGroup
  readonly unit: MetricUnit
  /** recorded from this level on */
  readonly level: 'INFO' | 'DEBUG'
  readonly doc: string
  /** what alarms watch over all connectors together: told of the whole deployment, too, whatever the level */
  readonly isWatched?: true
}

/** Counts that only grow. */
export const TOTALS = {
  'source-record-poll-total': {
    group: 'source-task',
    unit: 'Count',
    level: 'INFO',
    doc: 'Records polled from the source',
  },
  'source-record-write-total': {
    group: 'source-task',
    unit: 'Count',
    level: 'INFO',
    doc: 'Records that Kafka has acknowledged, without those that a transform dropped',
  },
  'sink-record-read-total': {
    group: 'sink-task',
    unit: 'Count',
    level: 'INFO',
    doc: 'Records read from Kafka, before transforms',
  },
  'sink-record-send-total': {
    group: 'sink-task',
    unit: 'Count',
    level: 'INFO',
    doc: 'Records that the target has taken, after transforms',
  },
  'offset-commit-completion-total': {
    group: 'sink-task',
    unit: 'Count',
    level: 'DEBUG',
    doc: 'Batches that were taken as a whole: returning is the commit',
  },
  'offset-commit-skip-total': {
    group: 'sink-task',
    unit: 'Count',
    level: 'DEBUG',
    doc: 'Batches that were not taken and come again',
  },
  'total-record-failures': {
    group: 'task-error',
    unit: 'Count',
    level: 'INFO',
    doc: 'Failed attempts at records',
  },
  'total-record-errors': {
    group: 'task-error',
    unit: 'Count',
    level: 'INFO',
    doc: 'Records that were given up',
  },
  'total-records-skipped': {
    group: 'task-error',
    unit: 'Count',
    level: 'INFO',
    doc: 'Records left out because errors are tolerated',
  },
  'total-retries': {
    group: 'task-error',
    unit: 'Count',
    level: 'INFO',
    doc: 'Repeated attempts at records',
  },
  'total-errors-logged': {
    group: 'task-error',
    unit: 'Count',
    level: 'INFO',
    doc: 'Errors of records that were logged',
  },
  'deadletterqueue-produce-requests': {
    group: 'task-error',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'Records for the dead letter queue',
  },
  'deadletterqueue-produce-failures': {
    group: 'task-error',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'Records that the dead letter queue did not take',
  },
} as const satisfies Readonly<Record<string, Described>>

/** Measured again and again; what is told of them under Kafka Connect's names is their mean and, for most, their highest. */
export const MEASURES = {
  'poll-batch-time-ms': {
    group: 'source-task',
    unit: 'Milliseconds',
    level: 'INFO',
    mean: 'poll-batch-avg-time-ms',
    highest: 'poll-batch-max-time-ms',
    doc: 'Time a poll took that gave records',
  },
  'put-batch-time-ms': {
    group: 'sink-task',
    unit: 'Milliseconds',
    level: 'INFO',
    mean: 'put-batch-avg-time-ms',
    highest: 'put-batch-max-time-ms',
    doc: 'Time the target took for a batch',
  },
  'offset-commit-time-ms': {
    group: 'connector-task',
    unit: 'Milliseconds',
    level: 'DEBUG',
    mean: 'offset-commit-avg-time-ms',
    highest: 'offset-commit-max-time-ms',
    doc: 'Time a commit of source offsets took',
  },
  'offset-commit-success-percentage': {
    group: 'connector-task',
    unit: 'Percent',
    level: 'DEBUG',
    mean: 'offset-commit-success-percentage',
    doc: 'Share of commits that succeeded',
  },
  'offset-commit-failure-percentage': {
    group: 'connector-task',
    unit: 'Percent',
    level: 'DEBUG',
    mean: 'offset-commit-failure-percentage',
    doc: 'Share of commits that failed',
  },
  'batch-size': {
    group: 'connector-task',
    unit: 'Count',
    level: 'DEBUG',
    mean: 'batch-size-avg',
    highest: 'batch-size-max',
    doc: 'Records in a batch',
  },
} as const satisfies Readonly<
  Record<string, Described & { readonly mean: string; readonly highest?: string }>
>

/** How it stands at the moment. */
export const GAUGES = {
  'source-record-active-count': {
    group: 'source-task',
    unit: 'Count',
    level: 'INFO',
    doc: 'Records polled that Kafka has not acknowledged yet',
  },
  'source-lag-seconds': {
    group: 'source-task',
    unit: 'Seconds',
    level: 'INFO',
    isWatched: true,
    doc: 'What Kafka has is at most so far behind the source; 0 when drained',
  },
  'sink-record-lag': {
    group: 'sink-task',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'Records in the topics of the task that it has not committed yet',
  },
  'last-error-timestamp': {
    group: 'task-error',
    unit: 'Milliseconds',
    level: 'DEBUG',
    doc: 'When a record last failed, in ms since 1970',
  },
  'connector-running-task-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'RUNNING tasks of the connector',
  },
  'connector-failed-task-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'FAILED tasks of the connector; the connector itself counts, where it is FAILED',
  },
  'connector-paused-task-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'PAUSED tasks of the connector',
  },
  'connector-unassigned-task-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'UNASSIGNED tasks of the connector',
  },
  'connector-restarting-task-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'RESTARTING tasks of the connector',
  },
  'connector-total-task-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'DEBUG',
    doc: 'Tasks of the connector',
  },
  'connector-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'Connectors; told at each tick of the coordinator',
  },
  'task-count': {
    group: 'connect-worker',
    unit: 'Count',
    level: 'INFO',
    isWatched: true,
    doc: 'Tasks of all connectors',
  },
} as const satisfies Readonly<Record<string, Described>>

export type TotalName = keyof typeof TOTALS
export type MeasureName = keyof typeof MEASURES
export type GaugeName = keyof typeof GAUGES

/** OFF: only what alarms watch, of the whole deployment. DEBUG and TRACE: all there is. */
export const METRIC_LEVELS = ['INFO', 'DEBUG', 'TRACE', 'OFF'] as const

export type MetricLevel = (typeof METRIC_LEVELS)[number]

export const isRecorded = ({ level }: Pick<Described, 'level'>, setting: MetricLevel): boolean =>
  setting !== 'OFF' && (level === 'INFO' || setting !== 'INFO')

/** A connector's name in CloudWatch, which drops a metric whose dimension holds anything but ASCII, or more than 1024 of it. */
export const dimensionValue = (name: string): string =>
  name
    .toWellFormed()
    .replace(/[^\x20-\x7e]+/g, encodeURIComponent)
    .slice(0, 1024)
