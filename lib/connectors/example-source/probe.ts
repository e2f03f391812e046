import { ConnectError, messageOf } from '../../errors.ts'
import { connectMysql, type Login, type MysqlConnection } from '../mysql/connection.ts'
import type { JdbcUrl } from '../mysql/jdbc-url.ts'
import { instantsIn } from '../mysql/time-zone.ts'
import { messagesAt, PROBE_MS } from '../probing/fault-messages.ts'
import { openTable } from './table.ts'

type Messages = Readonly<Record<string, readonly string[]>>

/** Whether the server can be reached, lets one in and has the tables, each with its column id: messages by key. */
export async function probeTables(
  login: Login,
  tables: readonly string[],
  signal: AbortSignal,
): Promise<Messages> {
  const connecting = connectMysql({ ...login, url: hurried(login.url) })
  try {
    const connection = await connecting
    const overdue = AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)])
    overdue.addEventListener('abort', connection.close)
    try {
      return await lookAt(tables, connection, login)
    } finally {
      connection.close()
    }
  } catch (error) {
    return messagesAt(error, login.keys.url)
  }
}

/** All hosts together take as long as one may. */
function hurried(url: JdbcUrl): JdbcUrl {
  const within = (limitMs: number, ms: number) => (ms > 0 ? Math.min(ms, limitMs) : limitMs)
  return {
    ...url,
    connectTimeoutMs: within(PROBE_MS / url.hosts.length, url.connectTimeoutMs),
    socketTimeoutMs: within(PROBE_MS, url.socketTimeoutMs),
  }
}

/** Each table that is not as it has to be is a message; a server that is lost meanwhile is the only one. */
async function lookAt(
  tables: readonly string[],
  connection: MysqlConnection,
  { url, keys }: Login,
): Promise<Messages> {
  const messages: string[] = []
  for (const name of new Set(tables))
    try {
      const reading = { ...url, instantOf: instantsIn(url.timeZone) }
      await openTable(name, undefined, { connection, reading, limit: 1, warn: () => undefined })
    } catch (error) {
      if (!(error instanceof ConnectError) || error.retriable) throw error
      if (error.keys.length > 0 && !error.keys.includes(keys.tables)) throw error
      messages.push(messageOf(error))
    }
  return messages.length > 0 ? { [keys.tables]: messages } : {}
}
