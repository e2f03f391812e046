import { Password } from '../../config/password.ts'
import { ConfigError } from '../../errors.ts'
import { isTimeZone, UTC } from './time-zone.ts'

/** Connector/J's sslMode. */
export type SslMode = 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY'

/** What becomes of a date that no calendar has, such as 0000-00-00. Connector/J's zeroDateTimeBehavior. */
export type ZeroDates = 'EXCEPTION' | 'CONVERT_TO_NULL' | 'ROUND'

export type JdbcParameters = {
  readonly user?: string
  readonly password?: Password
  readonly sslMode: SslMode
  readonly zeroDates: ZeroDates
  /** The zone that a DATETIME's wall clock is of; a TIMESTAMP needs none. */
  readonly timeZone: string
  readonly connectTimeoutMs: number
  /** longest wait for an answer, 0 = for ever */
  readonly socketTimeoutMs: number
  /** TINYINT(1) is a boolean */
  readonly tinyInt1isBit: boolean
  /** Parameters that were given and mean nothing here. */
  readonly ignored: readonly string[]
}

/** @throws ConfigError with the parameter at fault. */
export function readParameters(query: string): JdbcParameters {
  const given = new Map<string, Given>()
  for (const part of query.split('&')) {
    const one = givenOf(part)
    if (one) given.set(one.name.toLowerCase(), one)
  }
  const take = <T>(name: string, read: (text: string) => T | undefined): T | undefined => {
    const one = given.get(name.toLowerCase())
    return one && understood(one, read)
  }
  const first = <T>(names: readonly string[], read: (text: string) => T | undefined) =>
    names.map((name) => take(name, read)).find((value) => value !== undefined)

  const user = take('user', (text) => text)
  const password = take('password', (text) => new Password(text))
  return {
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    sslMode: take('sslMode', sslModeOf) ?? oldSslMode(take),
    zeroDates: take('zeroDateTimeBehavior', zeroDatesOf) ?? 'EXCEPTION',
    timeZone: first(['connectionTimeZone', 'serverTimezone'], timeZoneOf) ?? UTC,
    connectTimeoutMs: take('connectTimeout', milliseconds) || DEFAULT_CONNECT_TIMEOUT_MS,
    socketTimeoutMs: take('socketTimeout', milliseconds) ?? DEFAULT_SOCKET_TIMEOUT_MS,
    tinyInt1isBit: take('tinyInt1isBit', booleanOf) ?? true,
    ignored: [...given.values()].filter(isIgnored).map(({ name }) => name),
  }
}

/** Connector/J waits without end; a task is better started again. */
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000
const DEFAULT_SOCKET_TIMEOUT_MS = 300_000

type Given = { readonly name: string; readonly value: string }

function givenOf(part: string): Given | undefined {
  const [name = '', ...rest] = part.split('=')
  if (name === '') return undefined
  try {
    return { name: decodeURIComponent(name), value: decodeURIComponent(rest.join('=')) }
  } catch (cause) {
    throw new ConfigError(`its parameter ${name} is not percent-encoded rightly`, { cause })
  }
}

function understood<T>({ name, value }: Given, read: (text: string) => T | undefined): T {
  const result = read(value)
  if (result === undefined)
    throw new ConfigError(`its parameter ${name} cannot be ${JSON.stringify(value)}`)
  return result
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  false: false,
  no: false,
}
const booleanOf = (text: string): boolean | undefined => BOOLEANS[text.toLowerCase()]

const milliseconds = (text: string): number | undefined =>
  /^\d{1,9}$/.test(text) ? Number(text) : undefined

const SSL_MODES: readonly SslMode[] = [
  'DISABLED',
  'PREFERRED',
  'REQUIRED',
  'VERIFY_CA',
  'VERIFY_IDENTITY',
]
const sslModeOf = (text: string): SslMode | undefined =>
  SSL_MODES.find((mode) => mode === text.toUpperCase())

type Take = (name: string, read: typeof booleanOf) => boolean | undefined

/** What the three parameters before sslMode mean together. */
function oldSslMode(take: Take): SslMode {
  const [used, required, verified] = ['useSSL', 'requireSSL', 'verifyServerCertificate'].map(
    (name) => take(name, booleanOf),
  )
  if (used === false) return 'DISABLED'
  if (verified) return 'VERIFY_CA'
  return required ? 'REQUIRED' : 'PREFERRED'
}

const ZERO_DATES: Readonly<Record<string, ZeroDates>> = {
  exception: 'EXCEPTION',
  converttonull: 'CONVERT_TO_NULL',
  convert_to_null: 'CONVERT_TO_NULL',
  round: 'ROUND',
}
const zeroDatesOf = (text: string): ZeroDates | undefined => ZERO_DATES[text.toLowerCase()]

/** Zones that go by where the client or the server stands: a function stands nowhere, so that they mean UTC. */
const isPlace = (text: string): boolean => /^(LOCAL|SERVER)$/i.test(text)
const timeZoneOf = (text: string): string | undefined => {
  if (isPlace(text)) return UTC
  return isTimeZone(text) ? text : undefined
}

const UNDERSTOOD = [
  ...['user', 'password', 'sslMode', 'useSSL', 'requireSSL', 'verifyServerCertificate'],
  ...['zeroDateTimeBehavior', 'connectionTimeZone', 'serverTimezone', 'tinyInt1isBit'],
  ...['connectTimeout', 'socketTimeout'],
]

/** Parameters of Connector/J that ask for what is done anyway, or tune what is not there. */
const NEEDLESS = [
  ...['useUnicode', 'characterEncoding', 'characterSetResults', 'connectionCollation'],
  ...['autoReconnect', 'autoReconnectForPools', 'failOverReadOnly', 'maxReconnects'],
  ...['initialTimeout', 'tcpKeepAlive', 'tcpNoDelay', 'allowPublicKeyRetrieval'],
  ...['rewriteBatchedStatements', 'allowMultiQueries', 'useAffectedRows', 'useBulkStmts'],
  ...['useCursorFetch', 'defaultFetchSize', 'useServerPrepStmts', 'cachePrepStmts'],
  ...['prepStmtCacheSize', 'prepStmtCacheSqlLimit', 'emulateUnsupportedPstmts'],
  ...['useLegacyDatetimeCode', 'useJDBCCompliantTimezoneShift', 'useTimezone'],
  ...['forceConnectionTimeZoneToSession', 'preserveInstants', 'noDatetimeStringSync'],
  ...['useLocalSessionState', 'useLocalTransactionState', 'elideSetAutoCommits'],
  ...['cacheResultSetMetadata', 'cacheServerConfiguration', 'maintainTimeStats'],
  ...['useInformationSchema', 'nullCatalogMeansCurrent', 'nullNamePatternMatchesAll'],
  ...['noAccessToProcedureBodies', 'useOldAliasMetadataBehavior', 'useColumnNamesInFindColumn'],
]

const KNOWN = new Set([...UNDERSTOOD, ...NEEDLESS].map((name) => name.toLowerCase()))

const isIgnored = ({ name, value }: Given): boolean =>
  !KNOWN.has(name.toLowerCase()) || (/timezone$/i.test(name) && isPlace(value))
