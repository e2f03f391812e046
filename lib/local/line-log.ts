import { inspect } from 'node:util'
import { traceOf } from '../errors.ts'
import type { Clock, Fields, Log } from '../ports.ts'

/** A readable line a message, on standard error by default. An error among the fields follows with its trace. */
export function lineLog(clock: Clock, write: (line: string) => void): Log {
  const line =
    (level: string) =>
    (message: string, fields: Fields = {}): void => {
      const { error, ...rest } = fields
      const context = Object.entries(rest).map(([key, value]) => `${key}=${printed(value)}`)
      const text = [new Date(clock.now()).toISOString(), level, message, ...context].join(' ')
      write(error === undefined ? `${text}\n` : `${text}\n${traceOf(error)}`)
    }
  return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') }
}

const printed = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })
