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
      /** The reason why the value is refused, or undefined. Called with null when the text could not be parsed. */
      readonly refuse?: (value: ValueOf[T] | null) => string | undefined
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
  readonly errors: readonly string[]
}

/** @throws ConfigError with the first thing that is wrong. */
export function parseConfig<const D extends ConfigDef>(def: D, raw: RawConfig): Parsed<D> {
  const values = validateConfig(def, raw)
  const errors = values.flatMap(value => value.errors)
  if (errors[0] !== undefined) throw new ConfigError(errors[0])
  // The members are typed by the declaration they were parsed with.
  return Object.fromEntries(values.map(({ name, value }) => [name, value])) as Parsed<D>
}

export const validateConfig = (def: ConfigDef, raw: RawConfig): ConfigValue[] =>
  Object.entries(def).map(([name, key]) => validateKey(name, key, raw[name]))

/** A value as the REST API shows it. */
export function printValue(value: ConfigValue['value']): string | null {
  if (value === null) return null
  if (value instanceof Password) return HIDDEN
  return Array.isArray(value) ? value.join(',') : String(value)
}

function validateKey(name: string, key: ConfigKey, text: string | null | undefined): ConfigValue {
  if (text === undefined || text === null) {
    if (!('default' in key)) {
      const missing = `Missing required configuration "${name}" which has no default value.`
      return { name, value: null, errors: [missing] }
    }
    return { name, value: defaultOf(key), errors: [] }
  }
  const parsed = PARSERS[key.type](text.trim())
  if ('reason' in parsed) {
    // Kafka runs the validator on null after a failed parse, so that one bad value may answer twice.
    const second = refusal(key, null)
    return {
      name,
      value: null,
      errors: [
        invalid(name, text, parsed.reason),
        ...(second ? [invalid(name, 'null', second)] : []),
      ],
    }
  }
  const reason = refusal(key, parsed.value)
  return {
    name,
    value: parsed.value,
    errors: reason ? [invalid(name, shown(key, text), reason)] : [],
  }
}

const shown = (key: ConfigKey, text: string): string =>
  key.type === 'password'
    ? HIDDEN
    : key.type === 'list'
      ? `[${splitList(text).join(', ')}]`
      : text.trim()

const invalid = (name: string, value: string, reason: string): string =>
  `Invalid value ${value} for configuration ${name}: ${reason}`

function defaultOf(key: ConfigKey): ConfigValue['value'] {
  const value = key.default ?? null
  return key.type === 'password' && typeof value === 'string' ? new Password(value) : value
}

function refusal(key: ConfigKey, value: ConfigValue['value']): string | undefined {
  if (key.atLeast !== undefined || key.atMost !== undefined) {
    if (value === null) return 'Value must be non-null'
    if (Number(value) < (key.atLeast ?? -Infinity)) return `Value must be at least ${key.atLeast}`
    if (Number(value) > (key.atMost ?? Infinity)) return `Value must be no more than ${key.atMost}`
  }
  if (key.oneOf && !key.oneOf.includes(String(value)))
    return `String must be one of: ${key.oneOf.join(', ')}`
  const anyCase = key.oneOfIgnoringCase
  if (anyCase && !anyCase.some(one => one.toUpperCase() === String(value).toUpperCase()))
    return `String must be one of (case insensitive): ${anyCase.join(', ')}`
  // The declaration ties `refuse` to the key's own type; here the type is erased.
  return (key.refuse as ((value: ConfigValue['value']) => string | undefined) | undefined)?.(value)
}

type Parse = (text: string) => { readonly value: ValueOf[ConfigType] } | { readonly reason: string }

const integer =
  (type: string, bits: bigint): Parse =>
  text => {
    const limit = 2n ** (bits - 1n)
    const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined
    return value !== undefined && value >= -limit && value < limit
      ? { value: Number(value) }
      : { reason: `Not a number of type ${type}` }
  }

const PARSERS: Readonly<Record<ConfigType, Parse>> = {
  boolean: text =>
    /^(true|false)$/i.test(text)
      ? { value: text.toLowerCase() === 'true' }
      : { reason: 'Expected value to be either true or false' },
  string: value => ({ value }),
  class: value => ({ value }),
  password: text => ({ value: new Password(text) }),
  int: integer('INT', 32n),
  short: integer('SHORT', 16n),
  long: integer('LONG', 64n),
  double: text =>
    text !== '' && Number.isFinite(Number(text))
      ? { value: Number(text) }
      : { reason: 'Not a number of type DOUBLE' },
  list: text => ({ value: splitList(text) }),
}

export const splitList = (text: string): string[] =>
  text.trim() === '' ? [] : text.trim().split(/\s*,\s*/)
