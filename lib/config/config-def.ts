import { doubleText } from '../data/float-text.ts'
import { ConfigError } from '../errors.ts'
import { HIDDEN, Password } from './password.ts'

/** A configuration as it is sent and stored: text by key. null is kept, so that validation can name it. */
export type RawConfig = Readonly<Record<string, string | null>>

export type ConfigType =
  | 'boolean'
  | 'string'
  | 'password'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'

type ValueOf = {
  boolean: boolean
  string: string
  password: Password
  int: number
  short: number
  long: number
  double: number
  list: readonly string[]
  class: string
}

export type Refusal = string | { readonly message: string }

/** One key, declared once: parsed, validated and documented from this. Without `default` the key is required; `default: null` means it may be absent. */
export type ConfigKey<T extends ConfigType = ConfigType> = T extends ConfigType
  ? {
      readonly type: T
      readonly importance: 'high' | 'medium' | 'low'
      readonly doc: string
      readonly default?: (T extends 'password' ? string : ValueOf[T]) | null
      readonly oneOf?: readonly string[]
      /** one of, in any case; the answer lists them as given here */
      readonly oneOfIgnoringCase?: readonly string[]
      readonly atLeast?: number
      readonly atMost?: number
      /**
       * The reason why the value is refused, or undefined; a whole message where Kafka's validator has one of its own.
       * Called with null when the text is missing or could not be parsed.
       */
      readonly refuse?: (value: ValueOf[T] | null) => Refusal | undefined
      readonly group?: string
      readonly orderInGroup?: number
      readonly width?: 'none' | 'short' | 'medium' | 'long'
      readonly displayName?: string
      readonly dependents?: readonly string[]
    }
  : never

export type ConfigDef = Readonly<Record<string, ConfigKey>>

type Nullable<K> = K extends { readonly default: null } ? null : never

export type Parsed<D extends ConfigDef> = {
  readonly [K in keyof D]: ValueOf[D[K]['type']] | Nullable<D[K]>
}

/** One key's value as it was understood, and what is wrong with it, in Kafka's words. */
export type ConfigValue = {
  readonly name: string
  readonly value: ValueOf[ConfigType] | null
  /** as the REST API shows it: lists joined by commas, passwords hidden, every digit of a long */
  readonly text: string | null
  readonly errors: readonly string[]
}

/** @throws ConfigError with the first thing that is wrong. */
export function parseConfig<const D extends ConfigDef>(def: D, raw: RawConfig): Parsed<D> {
  const values = validateConfig(def, raw)
  const errors = values.flatMap((value) => value.errors)
  if (errors[0] !== undefined) throw new ConfigError(errors[0])
  // The members are typed by the declaration they were parsed with.
  return Object.fromEntries(values.map(({ name, value }) => [name, value])) as Parsed<D>
}

/** In the order of the declaration. Keys that are not declared are no error and left out. */
export const validateConfig = (def: ConfigDef, raw: RawConfig): ConfigValue[] =>
  Object.entries(def).map(([name, key]) => validateKey(name, key, raw[name]))

/** What the key's own rules say of a value that is not there, or could not be parsed. */
export function refusalOfNull(name: string, key: ConfigKey): string[] {
  const refused = refusal(key, null)
  return refused === undefined ? [] : [messageFor(name, 'null', refused)]
}

export const defaultText = (key: ConfigKey): string | null => textOf(key.type, defaultOf(key))

/** As Java's String.trim: everything up to the blank, control characters included. */
export function javaTrim(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && text.charCodeAt(start) <= BLANK) start++
  while (end > start && text.charCodeAt(end - 1) <= BLANK) end--
  return text.slice(start, end)
}

const BLANK = 0x20

function validateKey(name: string, key: ConfigKey, text: string | null | undefined): ConfigValue {
  if (text === undefined || text === null) return absent(name, key, text)
  const parsed = PARSERS[key.type](javaTrim(text))
  if ('reason' in parsed) {
    const shown = key.type === 'password' ? HIDDEN : text
    // Kafka runs the validator on null after a failed parse, so that one bad value may answer twice.
    const errors = [messageFor(name, shown, parsed.reason), ...refusalOfNull(name, key)]
    return { name, value: null, text: null, errors }
  }
  const { value } = parsed
  const refused = refusal(key, value)
  const errors = refused === undefined ? [] : [messageFor(name, validatorText(key, value), refused)]
  return { name, value, text: parsed.digits ?? textOf(key.type, value), errors }
}

/** A null that was sent stands for the default, unless the key's rules refuse null. */
function absent(name: string, key: ConfigKey, sent: null | undefined): ConfigValue {
  const isRequired = key.default === undefined
  const missing = `Missing required configuration "${name}" which has no default value.`
  const errors = [
    ...(isRequired ? [missing] : []),
    ...(isRequired || sent === null ? refusalOfNull(name, key) : []),
  ]
  return errors.length > 0
    ? { name, value: null, text: null, errors }
    : { name, value: defaultOf(key), text: defaultText(key), errors }
}

function defaultOf(key: ConfigKey): ConfigValue['value'] {
  const value = key.default ?? null
  return key.type === 'password' && typeof value === 'string' ? new Password(value) : value
}

function textOf(type: ConfigType, value: ConfigValue['value']): string | null {
  if (value === null) return null
  if (type === 'double') return doubleText(Number(value))
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** A validator prints a list as Java does. */
const validatorText = (key: ConfigKey, value: ConfigValue['value']): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : (textOf(key.type, value) ?? 'null')

const messageFor = (name: string, value: string, refused: Refusal): string =>
  typeof refused === 'string'
    ? `Invalid value ${value} for configuration ${name}: ${refused}`
    : refused.message

function refusal(key: ConfigKey, value: ConfigValue['value']): Refusal | undefined {
  if (key.atLeast !== undefined || key.atMost !== undefined) {
    if (value === null) return 'Value must be non-null'
    if (Number(value) < (key.atLeast ?? -Infinity)) return `Value must be at least ${key.atLeast}`
    if (Number(value) > (key.atMost ?? Infinity)) return `Value must be no more than ${key.atMost}`
  }
  if (key.oneOf && !key.oneOf.includes(String(value)))
    return `String must be one of: ${key.oneOf.join(', ')}`
  const anyCase = key.oneOfIgnoringCase
  if (anyCase && !anyCase.some((one) => one.toUpperCase() === String(value).toUpperCase()))
    return `String must be one of (case insensitive): ${anyCase.join(', ')}`
  // The declaration ties `refuse` to the key's own type; here the type is erased.
  return (key.refuse as ((value: ConfigValue['value']) => Refusal | undefined) | undefined)?.(value)
}

type Understood = { readonly value: ValueOf[ConfigType]; readonly digits?: string }
type Parse = (text: string) => Understood | { readonly reason: string }

const integer =
  (type: string, bits: bigint): Parse =>
  (text) => {
    const limit = 2n ** (bits - 1n)
    const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined
    return value !== undefined && value >= -limit && value < limit
      ? { value: Number(value), digits: String(value) }
      : { reason: `Not a number of type ${type}` }
  }

// What Java's Double.parseDouble takes, but for hexadecimal digits, NaN and the infinities: no setting is one of these.
const DOUBLE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?$/i

const double: Parse = (text) => {
  const value = DOUBLE.test(text) ? Number(text.replace(/[fd]$/i, '')) : Number.NaN
  return Number.isFinite(value) ? { value } : { reason: 'Not a number of type DOUBLE' }
}

const PARSERS: Readonly<Record<ConfigType, Parse>> = {
  boolean: (text) =>
    /^(true|false)$/i.test(text)
      ? { value: text.toLowerCase() === 'true' }
      : { reason: 'Expected value to be either true or false' },
  string: (value) => ({ value }),
  class: (value) => ({ value }),
  password: (text) => ({ value: new Password(text) }),
  int: integer('INT', 32n),
  short: integer('SHORT', 16n),
  long: integer('LONG', 64n),
  double,
  list: (text) => ({ value: splitList(text) }),
}

/** Comma-separated; blanks around commas fall away, an empty item between two of them stays. */
export const splitList = (text: string): string[] =>
  javaTrim(text) === '' ? [] : javaTrim(text).split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/)
