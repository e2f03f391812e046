import { named } from '../config/loggers.ts'
import { HIDDEN } from '../config/password.ts'
import type { ConfigProvider, Fields, Log, StatusStore } from '../ports.ts'

/** Keeps what providers gave out of what is written for people: a driver or a parser may put a value into its error. */
export type Concealment = {
  /** The same, and what they give is hidden from now on. */
  providers(
    given: Readonly<Record<string, ConfigProvider>>,
  ): Readonly<Record<string, ConfigProvider>>
  log(log: Log): Log
  statuses(statuses: StatusStore): StatusStore
  text(shown: string): string
}

/** Shorter ones are no secrets, and stand in every other line by chance. */
const MIN_LENGTH = 4
const MAX_DEPTH = 5

export function concealment(): Concealment {
  const values = new Set<string>()

  function note(value: string | undefined): string | undefined {
    // ConfigDef takes blanks off the ends, and lines of JSON escape what they hold.
    for (const form of [value, value?.trim(), JSON.stringify(value?.trim() ?? '').slice(1, -1)])
      if (form !== undefined && form.length >= MIN_LENGTH) values.add(form)
    return value
  }

  function text(shown: string): string {
    let hidden = shown
    // The longest first: one may be a part of another.
    for (const value of [...values].sort((one, other) => other.length - one.length))
      hidden = hidden.replaceAll(value, HIDDEN)
    return hidden
  }

  function within(shown: unknown, depth = 0): unknown {
    if (typeof shown === 'string') return text(shown)
    if (depth === MAX_DEPTH || typeof shown !== 'object' || shown === null) return shown
    if (shown instanceof Error) return error(shown, depth)
    if (Array.isArray(shown)) return shown.map((one) => within(one, depth + 1))
    if (Object.getPrototypeOf(shown) !== Object.prototype) return shown
    const entries = Object.entries(shown).map(([key, one]) => [key, within(one, depth + 1)])
    return Object.fromEntries(entries)
  }

  /** Of the same class and with the same members. */
  function error(shown: Error, depth: number): Error {
    const own: PropertyDescriptorMap = { ...Object.getOwnPropertyDescriptors(shown) }
    for (const name of ['message', 'stack', 'cause'] as const)
      if (own[name])
        own[name] = { ...HELD, value: within(shown[name], name === 'cause' ? depth + 1 : depth) }
    return Object.create(Object.getPrototypeOf(shown), own)
  }

  const line =
    (write: (message: string, fields?: Fields) => void) =>
    (message: string, fields: Fields = {}): void =>
      // An object's members are within an object of the same members.
      values.size === 0 ? write(message, fields) : write(text(message), within(fields) as Fields)

  function concealed(log: Log): Log {
    return {
      ...(log.begin && { begin: log.begin }),
      info: line((message, fields) => log.info(message, fields)),
      warn: line((message, fields) => log.warn(message, fields)),
      error: line((message, fields) => log.error(message, fields)),
      get debug() {
        return log.debug && line(log.debug)
      },
      get trace() {
        return log.trace && line(log.trace)
      },
      named: (logger) => concealed(named(log, logger)),
    }
  }

  return {
    text,

    providers: (given) =>
      Object.fromEntries(
        Object.entries(given).map(([alias, provider]) => [
          alias,
          { get: async (path, key) => note(await provider.get(path, key)) },
        ]),
      ),

    log: concealed,

    statuses: (statuses) => ({
      read: (connector) => statuses.read(connector),
      get: (connector, unit) => statuses.get(connector, unit),
      write: (connector, unit, { trace, reason, lastError, ...status }, inPlaceOf) => {
        const concealed = {
          ...status,
          ...(trace === undefined ? {} : { trace: text(trace) }),
          ...(reason === undefined ? {} : { reason: text(reason) }),
          ...(lastError === undefined ? {} : { lastError: text(lastError) }),
        }
        return statuses.write(connector, unit, concealed, inPlaceOf)
      },
    }),
  }
}

const HELD = { writable: true, configurable: true, enumerable: false } as const
