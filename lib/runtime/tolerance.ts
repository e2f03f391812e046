import { parseConfig, type RawConfig } from '../config/config-def.ts'
import { commonConfig } from '../config/connector-config.ts'
import { ConnectError } from '../errors.ts'
import type { Log, Metrics, TaskEvent } from '../ports.ts'

/** Where in a record's way something failed, in Kafka Connect's words. */
export type Stage = 'KEY_CONVERTER' | 'VALUE_CONVERTER' | 'HEADER_CONVERTER' | 'TASK_PUT'

/** A record's place: topic, partition and offset of a sink's, source partition and offset of a source's. */
export type Place = Readonly<Record<string, unknown>>

/**
 * Takes note of a record's own fault. Returns when the record may be left out (Invariant 3: it is reported).
 * @throws ConnectError when `errors.tolerance` is none.
 */
export type Tolerance = (stage: Stage, error: unknown, place: Place) => void

const ERROR_HANDLING = {
  'errors.tolerance': commonConfig['errors.tolerance'],
  'errors.log.enable': commonConfig['errors.log.enable'],
} as const

export function toleranceOf(
  config: RawConfig,
  task: TaskEvent,
  log: Log,
  metrics: Metrics,
): Tolerance {
  const settings = parseConfig(ERROR_HANDLING, config)
  const tolerated = settings['errors.tolerance'] === 'all'
  return (stage, error, place) => {
    metrics.add('total-record-errors', 1, task)
    const text = `Error encountered in task ${task.connector}-${task.task}. Executing stage '${stage}'`
    if (settings['errors.log.enable']) log.error(text, { ...task, place, error })
    if (!tolerated)
      throw new ConnectError(
        `Tolerance exceeded in error handler (stage ${stage}, record ${placeText(place)})`,
        {
          cause: error,
        },
      )
    metrics.add('total-records-skipped', 1, task)
  }
}

// Every digit counts: it is by them that somebody finds the record.
const placeText = (place: Place): string =>
  JSON.stringify(place, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
