import { ConfigError } from '../errors.ts'

/** One rule of `response.http.headers.config`; of a date, `value` is how many milliseconds from now. */
export type HeaderRule = {
  readonly action: 'set' | 'add' | 'setdate' | 'adddate'
  readonly name: string
  readonly value: string
}

const ACTIONS: readonly HeaderRule['action'][] = ['set', 'add', 'setdate', 'adddate']

/** Comma-separated rules, `[action] [name]:[value]`, in double quotes where there is a comma within. @throws ConfigError in Kafka Connect's words */
export const headerRules = (text: string): HeaderRule[] =>
  partsOf(text)
    .filter((part) => part !== '')
    .map(ruleOf)

function partsOf(text: string): string[] {
  const parts = ['']
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (sign === '"') isQuoted = !isQuoted
    else if (sign === ',' && !isQuoted) parts.push('')
    // Within quotes a backslash takes the next sign as it is.
    else parts.push(parts.pop() + (sign === '\\' && isQuoted ? text.charAt(++at) : sign))
  }
  return parts.map((part) => part.trim())
}

function ruleOf(rule: string): HeaderRule {
  const [, word = '', pair = ''] = /^(\S+)\s+(.+)$/s.exec(rule) ?? []
  if (word === '')
    throw new ConfigError(
      `Invalid format of header config '${rule}'. Expected: '[action] [header name]:[header value]'`,
    )
  const action = ACTIONS.find((one) => one === word.toLowerCase())
  if (!action)
    throw new ConfigError(
      `Invalid header config action: '${word}'. Expected one of [set, add, setDate, addDate]`,
    )
  const colon = pair.indexOf(':')
  const [name, value] = [pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()]
  if (colon < 1 || name === '' || value === '')
    throw new ConfigError(
      `Invalid format of header name and header value pair '${pair}'. Expected: '[header name]:[header value]'`,
    )
  requireSendable(name, value, action)
  return { action, name, value }
}

function requireSendable(name: string, value: string, action: HeaderRule['action']): void {
  if (/\s/.test(name))
    throw new ConfigError(
      `Invalid header name '${name}'. The '[header name]' cannot contain whitespace`,
    )
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new ConfigError(`Invalid header name '${name}'`)
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw new ConfigError(`Invalid value of header '${name}'`)
  if (action.endsWith('date') && !/^-?\d{1,15}$/.test(value))
    throw new ConfigError(`Invalid value of header '${name}': Expected milliseconds from now`)
}
