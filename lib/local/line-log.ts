import { inspect } from 'node:util'
import { traceOf } from '../errors.ts'
import { type Line, levelledLog, levelsInForce } from '../monitoring/levelled-log.ts'
import type { Clock, Log } from '../ports.ts'

/** A readable line a message, with its logger at the end. An error among the fields follows with its trace. */
export function lineLog(
  clock: Clock,
  write: (line: string) => void,
  levels = levelsInForce(),
): Log {
  const print = ({ level, logger, message, fields }: Line): void => {
    const { error, ...rest } = fields
    const context = Object.entries(rest).map(([key, value]) => `${key}=${printed(value)}`)
    const time = new Date(clock.now()).toISOString()
    const text = [time, level, message, ...context, `(${logger})`].join(' ')
    write(error === undefined ? `${text}\n` : `${text}\n${traceOf(error)}`)
  }
  return levelledLog(print, levels)
}

const printed = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })
