import { ConfigError, messageOf } from '../errors.ts'
import { type ConfigDef, type Parsed, splitList } from './config-def.ts'
import { type HeaderRule, headerRules } from './header-rules.ts'
import type { Password } from './password.ts'
import { isReference, restUsers, USERS_KEY } from './rest-users.ts'

const BASIC_AUTH =
  'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension'

/** The worker properties of the REST API. */
export const restConfig = {
  'access.control.allow.origin': {
    type: 'string',
    importance: 'low',
    default: '',
    doc: 'CORS: origins whose pages may read what the REST API answers, patterns, comma-separated; *: any; empty: none.',
    refuse: (text) => reasonOf(() => splitList(text ?? '').forEach(originPattern)),
  },
  'access.control.allow.methods': {
    type: 'string',
    importance: 'low',
    default: '',
    doc: 'CORS: methods that such pages may use, comma-separated; empty: GET, POST and HEAD.',
  },
  'response.http.headers.config': {
    type: 'string',
    importance: 'low',
    default: '',
    doc: 'Headers of every answer: [action] [name]:[value], comma-separated, in double quotes where there is a comma within; action is set, add, setDate or addDate.',
    refuse: (text) => reasonOf(() => headerRules(text ?? '')),
  },
  'rest.extension.classes': {
    type: 'list',
    importance: 'low',
    default: [],
    doc: `What stands before the REST API. There is one: ${BASIC_AUTH}, which needs ${USERS_KEY}.`,
    refuse: (classes) => {
      const unknown = classes?.find((name) => name !== BASIC_AUTH)
      return unknown === undefined ? undefined : `There is no ${unknown} here, only ${BASIC_AUTH}`
    },
  },
  [USERS_KEY]: {
    type: 'password',
    importance: 'medium',
    default: null,
    doc: 'Who may use the REST API, by HTTP basic authentication: user=password lines or a JSON object of them, usually a reference to where they lie.',
  },
} as const satisfies ConfigDef

export type RestSettings = {
  /** left out: off */
  readonly cors?: { readonly origins: readonly RegExp[]; readonly methods: readonly string[] }
  readonly headers: readonly HeaderRule[]
  /** text of its users, or a reference to it; left out: there are none */
  readonly users?: Password
}

/** @throws ConfigError naming the property. */
export function restSettings(parsed: Parsed<typeof restConfig>): RestSettings {
  const origins = splitList(parsed['access.control.allow.origin'])
  const methods = splitList(parsed['access.control.allow.methods'])
  const users = parsed[USERS_KEY] ?? undefined
  if (!users && parsed['rest.extension.classes'].length > 0)
    throw new ConfigError(
      `Invalid value [${BASIC_AUTH}] for configuration rest.extension.classes: It needs ${USERS_KEY}`,
    )
  if (users && !isReference(users.reveal())) restUsers(users.reveal())
  return {
    ...(origins.length > 0 && {
      cors: {
        origins: origins.map(originPattern),
        methods: methods.length > 0 ? methods : ['GET', 'POST', 'HEAD'],
      },
    }),
    headers: headerRules(parsed['response.http.headers.config']),
    ...(users && { users }),
  }
}

/** @throws SyntaxError */
const originPattern = (text: string): RegExp =>
  text === '*' ? /^/ : new RegExp(`^(?:${text})$`, 'i')

function reasonOf(read: () => unknown): string | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}
