import { ConfigError } from '../errors.ts'
import type { RawConfig } from './config-def.ts'
import { Password } from './password.ts'
import { parseProperties } from './properties.ts'

/** Passwords by user. */
export type RestUsers = ReadonlyMap<string, Password>

export const USERS_KEY = 'rest.basic.users'

/** `user=password` lines, as in Kafka Connect's credentials file, or a JSON object. @throws ConfigError that shows nothing of it but a user's name */
export function restUsers(text: string): RestUsers {
  if (isReference(text)) throw refused('nothing lies at the place that it refers to')
  const users = Object.entries(entriesOf(text))
  if (users.length === 0) throw refused('it names no user')
  for (const [user, password] of users) {
    if (user === '' || user.includes(':')) throw refused('a user has no name, or a colon in it')
    if (password === '') throw refused(`the user ${user} has no password`)
  }
  return new Map(users.map(([user, password]) => [user, new Password(password ?? '')]))
}

/** Whether the text lies elsewhere. */
export const isReference = (text: string): boolean => /^\s*\$\{[^{}]*\}\s*$/.test(text)

function entriesOf(text: string): RawConfig {
  if (!/^\s*\{/.test(text)) return parseProperties(text)
  let members: unknown
  try {
    members = JSON.parse(text)
  } catch {
    // The error of JSON.parse shows a piece of the text.
    throw refused('it begins like JSON and is none')
  }
  const entries = Object.entries(members as object)
  if (entries.some(([, password]) => typeof password !== 'string'))
    throw refused('a password in it is no text')
  return Object.fromEntries(entries)
}

const refused = (reason: string): ConfigError =>
  new ConfigError(
    `Invalid value [hidden] for configuration ${USERS_KEY}: Expected user=password lines or a JSON object of them, but ${reason}`,
  )
