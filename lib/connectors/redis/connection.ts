import type { Password } from '../../config/password.ts'
import { messageOf } from '../../errors.ts'
import { type FaultKeys, isFenced, type Place, redisFault } from './faults.ts'

export type RedisLogin = {
  readonly host: string
  readonly port: number
  readonly database: number
  /** empty = none */
  readonly password: Password
  /** as CLIENT LIST shows it */
  readonly name: string
  readonly keys: FaultKeys
  /** how long a reply is waited for; 10 s where it is left out */
  readonly replyTimeoutMs?: number
}

export type Command = readonly [name: string, ...args: string[]]

/** One connection, which is never mended: a command that it did not answer is not sent again. */
export type RedisConnection = {
  /** Commands go out in the order of the calls. @throws RetriableError when there is no answer or the server can heal, ConnectError */
  call(command: Command): Promise<unknown>
  readonly isOpen: () => boolean
  /** Ends what is under way at once: it fails. */
  close(): void
}

const CONNECT_TIMEOUT_MS = 5_000
const COMMAND_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 10_000

/** @throws RetriableError when it cannot be reached or is not ready, ConnectError when it refuses. */
export async function connectRedis(login: RedisLogin): Promise<RedisConnection> {
  const { Redis } = await import('ioredis')
  const place = placeOf(login)
  const redis = new Redis({
    host: login.host,
    port: login.port,
    protocol: 2,
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: login.replyTimeoutMs ?? COMMAND_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    // Nothing is sent that was not asked for just now: no queue, no second attempt.
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    // The driver would write to database 0 where another cannot be selected, and print where no password is needed.
    enableReadyCheck: false,
    disableClientInfo: true,
  })
  let broken: unknown
  redis.on('error', (error: unknown) => {
    broken ??= error
  })
  let isOver = false
  const close = () => {
    isOver = true
    redis.disconnect()
    redis.stream?.destroy()
  }
  const call = async ([name, ...args]: Command, doing: string): Promise<unknown> => {
    try {
      return await redis.call(name, args)
    } catch (error) {
      const fault = redisFault(isClosed(error) ? (broken ?? LOST) : error, doing, place)
      // A reply that is overdue may still come, and a server that was demoted has a successor: better begin anew.
      if (!isFenced(error)) close()
      throw fault
    }
  }
  try {
    await redis.connect().catch((error: unknown) => {
      throw redisFault(broken ?? error, 'Connecting to', place)
    })
    await inTurn(loginCommands(login).map((command) => call(command, 'Connecting to')))
    // Not every user may do this, and none has to.
    await redis.call('CLIENT', 'SETNAME', login.name.replace(/[^!-~]/g, '-')).catch(() => undefined)
  } catch (error) {
    close()
    throw error
  }
  return {
    call: (command) => call(command, 'Writing to'),
    isOpen: () => !isOver && redis.status === 'ready' && redis.stream.writable,
    close,
  }
}

const placeOf = ({ host, port, database, keys }: RedisLogin): Place => ({
  server: `Redis at ${host.includes(':') ? `[${host}]` : host}:${port}, database ${database}`,
  keys,
})

const LOST = new Error('The connection is lost')

/** The driver's own words for a command that a connection did not take or answer any more. */
const isClosed = (error: unknown): boolean =>
  /^Connection is closed|isn't writeable|^Command aborted/.test(messageOf(error))

/** PING tells whether the data is loaded. */
const loginCommands = ({ password, database }: RedisLogin): Command[] => [
  ...(password.reveal() === '' ? [] : [['AUTH', password.reveal()] as const]),
  ['SELECT', String(database)],
  ['PING'],
]

/** Waits for all, and throws what the first of them that failed has thrown. */
export async function inTurn(calls: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(calls))
    if (result.status === 'rejected') throw result.reason
}

/** The connection of a task: opened when it is needed, and anew after it broke. */
export type RedisConnections = {
  open(): Promise<RedisConnection>
  close(): Promise<void>
}

export function redisConnections(login: RedisLogin): RedisConnections {
  let current: Promise<RedisConnection> | undefined

  async function openAfter(before: typeof current): Promise<RedisConnection> {
    const connection = await before?.catch(() => undefined)
    return connection?.isOpen() ? connection : connectRedis(login)
  }
  return {
    open() {
      current = openAfter(current)
      return current
    },
    async close() {
      const connection = await current?.catch(() => undefined)
      connection?.close()
    },
  }
}
