import { StackError } from './stack-error.ts'

/** Where each server is, in the shape that `npm run stack -- status --json` prints. */
export type Addresses = {
  readonly mysql: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly password: string
    readonly database: string
  }
  readonly kafka: { readonly 'bootstrap.servers': string }
  readonly redis: { readonly host: string; readonly port: number; readonly password?: string }
  readonly aws: { readonly endpoint: string }
}

export type ServiceName = keyof Addresses

/** The addresses of the services that answer; one that is down is left out. */
export type Status = Partial<Addresses>

export const serviceNames = ['mysql', 'kafka', 'redis', 'aws'] as const

/** @throws a StackError when there is no such service. */
export const serviceNamed = (text: string): ServiceName => {
  const name = serviceNames.find((known) => known === text)
  if (name === undefined)
    throw new StackError(`no service ${text}: there are ${serviceNames.join(', ')}`)
  return name
}

type Variable<Name extends ServiceName> = {
  readonly variable: string
  readonly example: string
  /** @throws when the text is no such address. */
  read(text: string): Addresses[Name]
  write(address: Addresses[Name]): string
}

export const variables: { readonly [Name in ServiceName]: Variable<Name> } = {
  mysql: {
    variable: 'STACK_MYSQL',
    example: 'mysql://user:password@host:3306/database',
    read(text) {
      const url = urlOf(text, 'mysql:')
      return {
        host: url.hostname,
        port: Number(url.port || 3306),
        user: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
        database: decodeURIComponent(url.pathname.slice(1)),
      }
    },
    write: ({ host, port, user, password, database }) =>
      `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(database)}`,
  },
  kafka: {
    variable: 'STACK_KAFKA',
    example: 'host:9092,host:9093',
    read(text) {
      if (!/^[^\s:,]+:\d+(,[^\s:,]+:\d+)*$/.test(text)) throw new Error('not host:port[,host:port]')
      return { 'bootstrap.servers': text }
    },
    write: (address) => address['bootstrap.servers'],
  },
  redis: {
    variable: 'STACK_REDIS',
    example: 'redis://:password@host:6379',
    read(text) {
      const url = urlOf(text, 'redis:')
      const password = decodeURIComponent(url.password)
      return {
        host: url.hostname,
        port: Number(url.port || 6379),
        ...(password === '' ? {} : { password }),
      }
    },
    write: ({ host, port, password }) =>
      `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}${host}:${port}`,
  },
  aws: {
    variable: 'STACK_AWS',
    example: 'http://host:4566',
    read: (text) => ({ endpoint: urlOf(text, 'http:', 'https:').href.replace(/\/$/, '') }),
    write: ({ endpoint }) => endpoint,
  },
}

/** What child processes need to find the servers: STACK_MYSQL and so on. */
export const env = (status: Status): Record<string, string> =>
  Object.fromEntries(
    serviceNames.flatMap((name) => {
      const text = written(name, status)
      return text === undefined ? [] : [[variables[name].variable, text]]
    }),
  )

/** The address that an environment variable gives, if it is set. @throws a StackError that names the variable. */
export const given = <Name extends ServiceName>(
  name: Name,
  from: NodeJS.ProcessEnv = process.env,
): Addresses[Name] | undefined => {
  const { variable, example, read } = variables[name]
  const text = from[variable]
  if (text === undefined || text === '') return undefined
  try {
    return read(text)
  } catch (cause) {
    throw new StackError(`${variable} should look like ${example}`, { cause })
  }
}

/**
 * For tests: the addresses from the environment, each read when it is asked for.
 * @throws a StackError that names the variable that is missing.
 */
export const addresses = (from: NodeJS.ProcessEnv = process.env): Addresses => ({
  get mysql() {
    return required('mysql', from)
  },
  get kafka() {
    return required('kafka', from)
  },
  get redis() {
    return required('redis', from)
  },
  get aws() {
    return required('aws', from)
  },
})

const required = <Name extends ServiceName>(
  name: Name,
  from: NodeJS.ProcessEnv,
): Addresses[Name] => {
  const address = given(name, from)
  if (address !== undefined) return address
  const { variable, example } = variables[name]
  throw new StackError(
    `${variable} is not set. Start the servers with \`npm run stack -- up\` and run the tests with \`npm test\`, or set ${variable}=${example}`,
  )
}

/** An address as its variable would hold it; undefined when the service is down. */
export const written = <Name extends ServiceName>(
  name: Name,
  status: Status,
): string | undefined => {
  const address: Addresses[Name] | undefined = status[name]
  return address && variables[name].write(address)
}

const urlOf = (text: string, ...protocols: string[]): URL => {
  const url = new URL(text)
  if (!protocols.includes(url.protocol)) throw new Error(`the protocol is not ${protocols[0]}`)
  return url
}
