import { ConnectError, messageOf, RetriableError } from '../../errors.ts'

/** A connector's own names for the keys that a fault may lie in. */
export type FaultKeys = {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly tables: string
}

/** Where it happened, as a message tells it: `MySQL at db:3306, database shop`. */
export type Place = { readonly server: string; readonly keys: FaultKeys }

/** What the driver or the server said, as ours: RetriableError where it may heal by itself. `doing` begins the message: `Connecting to`. */
export function mysqlFault(error: unknown, doing: string, { server, keys }: Place): ConnectError {
  if (error instanceof ConnectError) return error
  const code = codeOf(error)
  const text = `${doing} ${server} failed: ${textOf(error, code)}`
  if (HEALS.has(code) || /^08/.test(stateOf(error)))
    return new RetriableError(text, { cause: error, keys: [keys.url] })
  const at = AT_FAULT[code]?.map((which) => keys[which])
  const told = at ? `${text} (${at.join(', ')})` : text
  return new ConnectError(told, { cause: error, keys: at ?? [] })
}

const memberOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined

/** The name of the server's error, its number where the driver knows no name, or Node's code. */
export const codeOf = (error: unknown): string =>
  String(memberOf(error, 'code') ?? memberOf(error, 'errno') ?? '')

const stateOf = (error: unknown): string => String(memberOf(error, 'sqlState') ?? '')

/** Where several addresses of one host were tried, Node gives a code and no message. */
const textOf = (error: unknown, code: string): string => messageOf(error) || code

const HEALS: ReadonlySet<string> = new Set([
  // The way to the server.
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'EADDRNOTAVAIL'],
  ...['EMFILE', 'ENFILE', 'PROTOCOL_CONNECTION_LOST', 'PROTOCOL_UNEXPECTED_PACKET'],
  // The server is full, going down, or has ended this session or statement.
  ...['ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_USER_LIMIT_REACHED'],
  ...['ER_OUT_OF_RESOURCES', 'ER_OUTOFMEMORY', 'ER_MAX_PREPARED_STMT_COUNT_REACHED'],
  ...['ER_SERVER_SHUTDOWN', 'ER_NORMAL_SHUTDOWN', 'ER_SERVER_OFFLINE_MODE', 'ER_FORCING_CLOSE'],
  ...['ER_NEW_ABORTING_CONNECTION', 'ER_ABORTING_CONNECTION', 'ER_CLIENT_INTERACTION_TIMEOUT'],
  ...['ER_QUERY_INTERRUPTED', 'ER_QUERY_TIMEOUT', 'ER_SESSION_WAS_KILLED', 'ER_GR_HOLD_KILLED'],
  // By number, where the driver has no name: MariaDB's connection killed and statement timed out; what comes between statements.
  ...['1927', '1969', '1053', '4031'],
  // Locks, and definitions that change while they are read.
  ...['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_TABLE_DEF_CHANGED', 'ER_NEED_REPREPARE'],
])

const AT_FAULT: Readonly<Record<string, readonly (keyof FaultKeys)[]>> = {
  ER_ACCESS_DENIED_ERROR: ['user', 'password'],
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: ['user', 'password'],
  ER_ACCOUNT_HAS_BEEN_LOCKED: ['user'],
  ER_MUST_CHANGE_PASSWORD: ['password'],
  ER_DBACCESS_DENIED_ERROR: ['user', 'url'],
  ER_HOST_NOT_PRIVILEGED: ['user', 'url'],
  ER_HOST_IS_BLOCKED: ['url'],
  ER_BAD_DB_ERROR: ['url'],
  ER_NO_DB_ERROR: ['url'],
  ER_TABLEACCESS_DENIED_ERROR: ['user', 'tables'],
  ER_NO_SUCH_TABLE: ['tables'],
  ER_WRONG_TABLE_NAME: ['tables'],
  ER_VIEW_INVALID: ['tables'],
  HANDSHAKE_NO_SSL_SUPPORT: ['url'],
  HANDSHAKE_SSL_ERROR: ['url'],
  AUTH_SWITCH_PLUGIN_ERROR: ['user', 'password'],
}
