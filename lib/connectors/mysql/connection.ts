import { connect as connectSocket, type Socket } from 'node:net'
import type { Connection, ConnectionOptions, QueryOptions } from 'mysql2/promise'
import type { Password } from '../../config/password.ts'
import { messageOf, RetriableError } from '../../errors.ts'
import type { Column } from './columns.ts'
import { codeOf, type FaultKeys, mysqlFault, type Place } from './faults.ts'
import type { SslMode } from './jdbc-parameters.ts'
import type { Host, JdbcUrl } from './jdbc-url.ts'

/** One column's value a member, as the driver gives it: null, number, string, Buffer. */
export type Row = Record<string, unknown>

export type Page = { readonly columns: readonly Column[]; readonly rows: Row[] }

export type Statement = {
  readonly sql: string
  readonly parameters: readonly string[]
  /** what is done, as an error tells it: `Reading table shop of` */
  readonly doing: string
  /** Geometry and vectors as bytes. It costs a call for each value. */
  readonly asBytes?: boolean
}

/** A session in UTC that reads what is committed and can write nothing. One statement at a time. */
export type MysqlConnection = {
  /**
   * Runs a prepared statement, whose numbers are exact: as text MySQL rounds a FLOAT to six digits.
   * Integers that a number does not hold are their digits; decimals, dates, times and JSON are text.
   * @throws RetriableError when the connection is lost, ConnectError
   */
  read(statement: Statement): Promise<Page>
  /** Ends what is under way at once: it fails. */
  close(): void
}

export type Login = {
  readonly url: JdbcUrl
  readonly user: string
  readonly password: Password
  readonly keys: FaultKeys
}

/** Connects to the first of the hosts that answers. @throws RetriableError when none does, ConnectError when one refuses. */
export async function connectMysql(login: Login): Promise<MysqlConnection> {
  const failures: RetriableError[] = []
  for (const host of login.url.hosts) {
    const place = { server: serverText(host, login.url.database), keys: login.keys }
    try {
      return await openSession(host, login, place)
    } catch (error) {
      const fault = mysqlFault(error, 'Connecting to', place)
      if (!(fault instanceof RetriableError)) throw fault
      failures.push(fault)
    }
  }
  const [first] = failures
  if (first && failures.length === 1) throw first
  throw new RetriableError(failures.map(({ message }) => message).join('; '), {
    cause: first,
    keys: [login.keys.url],
  })
}

const serverText = ({ host, port }: Host, database: string | undefined): string =>
  `MySQL at ${host.includes(':') ? `[${host}]` : host}:${port}${database === undefined ? '' : `, database ${database}`}`

const SESSION = [
  // A server whose default is otherwise would show us one old snapshot for ever, or what is never committed.
  'SET autocommit = 1',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY',
  `SET time_zone = '+00:00'`,
]

async function openSession(host: Host, login: Login, place: Place): Promise<MysqlConnection> {
  const { connectTimeoutMs, socketTimeoutMs } = login.url
  const { connection, socket } = await connectAs(host, login)
  let lost: unknown
  connection.on('error', (error: unknown) => {
    lost ??= error
  })

  async function attempt<T>(doing: string, limitMs: number, act: () => Promise<T>): Promise<T> {
    const overdue =
      limitMs > 0 ? setTimeout(() => socket.destroy(overdueError(limitMs)), limitMs) : undefined
    try {
      if (lost !== undefined) throw lost
      return await act()
    } catch (error) {
      if (lost === undefined && !socket.destroyed) throw mysqlFault(error, doing, place)
      const cause = lost ?? error
      throw new RetriableError(`${doing} ${place.server} failed: ${messageOf(cause)}`, {
        cause,
        keys: [place.keys.url],
      })
    } finally {
      clearTimeout(overdue)
    }
  }

  try {
    await attempt('Connecting to', connectTimeoutMs, async () => {
      for (const sql of SESSION) await connection.query(sql)
    })
  } catch (error) {
    socket.destroy()
    throw error
  }
  return {
    read: ({ sql, parameters, doing, asBytes }) =>
      attempt(doing, socketTimeoutMs, async () => {
        const typeCast = asBytes ? bytesOfShapes : true
        const values = [...parameters]
        const [rows, columns] = await connection.execute({ sql, values, typeCast })
        // The driver's types tell neither what a SELECT gives nor what it tells of a column.
        return { rows, columns } as unknown as Page
      }),

    close: () => socket.destroy(),
  }
}

const overdueError = (ms: number): Error =>
  new Error(`no answer within ${ms} ms (connectTimeout, socketTimeout in the URL)`)

const bytesOfShapes: QueryOptions['typeCast'] & {} = (field, next) =>
  field.type === 'GEOMETRY' || field.type === 'VECTOR' ? field.buffer() : next()

type Connected = { readonly connection: Connection; readonly socket: Socket }

/** PREFERRED goes on without encryption where the server cannot encrypt. */
async function connectAs(host: Host, login: Login): Promise<Connected> {
  const { sslMode } = login.url
  if (sslMode !== 'PREFERRED') return openConnection(host, login, sslMode)
  try {
    return await openConnection(host, login, 'REQUIRED')
  } catch (error) {
    if (!cannotEncrypt(error)) throw error
    return openConnection(host, login, 'DISABLED')
  }
}

const cannotEncrypt = (error: unknown): boolean =>
  ['HANDSHAKE_NO_SSL_SUPPORT', 'HANDSHAKE_SSL_ERROR'].includes(codeOf(error))

const KEEP_ALIVE_MS = 10_000

/** The socket is ours, so that it can be ended in the midst of a statement. */
async function openConnection(
  { host, port }: Host,
  { url, user, password }: Login,
  sslMode: Exclude<SslMode, 'PREFERRED'>,
): Promise<Connected> {
  const { createConnection } = await import('mysql2/promise')
  const socket = connectSocket({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  })
  const options: ConnectionOptions = {
    host,
    stream: () => socket,
    user: user || (url.user ?? ''),
    password: password.reveal() || (url.password?.reveal() ?? ''),
    ...(url.database !== undefined && { database: url.database }),
    connectTimeout: url.connectTimeoutMs,
    charset: 'utf8mb4',
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
    ...TLS[sslMode],
  }
  try {
    return { connection: await createConnection(options), socket }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

const TLS: Readonly<Record<Exclude<SslMode, 'PREFERRED'>, Pick<ConnectionOptions, 'ssl'>>> = {
  DISABLED: {},
  REQUIRED: { ssl: { rejectUnauthorized: false } },
  VERIFY_CA: { ssl: { rejectUnauthorized: true } },
  VERIFY_IDENTITY: { ssl: { rejectUnauthorized: true, verifyIdentity: true } },
}
