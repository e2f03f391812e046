import { Password } from '../../config/password.ts'
import { ConfigError } from '../../errors.ts'
import { type JdbcParameters, readParameters } from './jdbc-parameters.ts'

export type Host = { readonly host: string; readonly port: number }

/** What a JDBC URL of MySQL says: `jdbc:mysql://[user[:password]@]host[:port][,host2…][/database][?name=value&…]`. */
export type JdbcUrl = JdbcParameters & {
  /** tried in this order */
  readonly hosts: readonly Host[]
  readonly database: string | undefined
}

const DEFAULT_PORT = 3306

const URL_PARTS = /^jdbc:(?:mysql|mariadb):\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?(?:#.*)?$/i

/** @throws ConfigError with what is wrong with it. */
export function parseJdbcUrl(text: string): JdbcUrl {
  const parts = URL_PARTS.exec(text.trim())
  if (!parts)
    throw new ConfigError('It must look like jdbc:mysql://host:port/database?name=value&name=value')
  const [, authority = '', database = '', query = ''] = parts
  const at = authority.lastIndexOf('@')
  return {
    ...readParameters(query),
    ...credentialsOf(authority.slice(0, Math.max(at, 0))),
    hosts: authority
      .slice(at + 1)
      .split(',')
      .map(hostOf),
    database: database === '' ? undefined : decoded(database, 'database'),
  }
}

/** The same for a configuration key's declaration. References to secrets are resolved only where the task runs. */
export function refuseJdbcUrl(text: string | null): string | undefined {
  if (text === null || SECRET_REFERENCE.test(text)) return undefined
  try {
    parseJdbcUrl(text)
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

const SECRET_REFERENCE = /\$\{[^}]+\}/

function credentialsOf(userInfo: string): Partial<Pick<JdbcUrl, 'user' | 'password'>> {
  if (userInfo === '') return {}
  const colon = userInfo.indexOf(':')
  if (colon < 0) return { user: decoded(userInfo, 'user') }
  return {
    user: decoded(userInfo.slice(0, colon), 'user'),
    password: new Password(decoded(userInfo.slice(colon + 1), 'password')),
  }
}

const HOST = /^(\[[0-9a-f:.%]+\]|[^\s:()=]*)(?::(\d+))?$/i

function hostOf(text: string): Host {
  const parts = HOST.exec(text.trim())
  if (!parts) throw new ConfigError(`${JSON.stringify(text)} is not host:port`)
  const [, host = '', port = String(DEFAULT_PORT)] = parts
  if (Number(port) < 1 || Number(port) > 65_535) throw new ConfigError(`there is no port ${port}`)
  const name = host.startsWith('[') ? host.slice(1, -1) : host
  return { host: name === '' ? 'localhost' : name, port: Number(port) }
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new ConfigError(`its ${what} is not percent-encoded rightly`, { cause })
  }
}
