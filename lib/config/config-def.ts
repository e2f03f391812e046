import { doubleText } from '../data/float-text.ts'
import { javaTrim } from '../data/java-trim.ts'
import { ConfigError } from '../errors.ts'
import { HIDDEN, Password } from './password.ts'

export { javaTrim }

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
      /** of a list: items given twice count once, but only when a plugin is configured; `refuse` is to name them in validation */
      readonly distinct?: boolean
      /**
       * The reason why the value is refused, or undefined; a whole message where Kafka's validator has one of its own.
       * Called with null when the text is missing or could not be parsed.
       */
      readonly refuse?: (value: ValueOf[T] | null) => Refusal | undefined
      /** its name in the messages of its rules, where that is another: a plugin's key that stands under its alias */
      readonly ruleName?: string
      /** of a class: its full name, or undefined where there is none. Left out: any text is a class */
      readonly classOf?: (name: string) => string | undefined
      /** what a form offers, and whether it shows the key, by what all values were understood as */
      readonly recommended?: (values: Understood) => readonly string[]
      readonly visible?: (values: Understood) => boolean
      /**
       * It says where the plugin's passwords are sent: host, port, URL. Validation and preview send a stored password nowhere else.
       * A plugin without such a key is taken to have said it in all that are no passwords.
       */
      readonly secretsGoHere?: true
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

type AnyValue = ValueOf[ConfigType] | null

/** Values by key; null where a text is missing or was not understood. */
export type Understood = Readonly<Record<string, AnyValue>>

/** One key's value as it was understood, and what is wrong with it, in Kafka's words. */
export type ConfigValue = {
  readonly name: string
  readonly value: AnyValue
  /** as the REST API shows it: lists joined by commas, passwords hidden, every digit of a long */
  readonly text: string | null
  readonly errors: readonly string[]
}

/** What is known of a key beyond its value: what a form offers for it, and whether it shows it. */
export type Offered = ConfigValue & {
  readonly recommended: readonly string[]
  readonly visible: boolean
}

/** @throws ConfigError with the first thing that is wrong. A null stands for the default. */
export function parseConfig<const D extends ConfigDef>(def: D, raw: RawConfig): Parsed<D> {
  const values = Object.entries(def).map(([name, key]) =>
    validateKey({
      name,
      key,
      text: raw[name] ?? undefined,
      parse: key.distinct ? distinctList : parserOf(key),
    }),
  )
  const errors = values.flatMap((value) => value.errors)
  if (errors[0] !== undefined) throw new ConfigError(errors[0])
  // The members are typed by the declaration they were parsed with.
  return Object.fromEntries(values.map(({ name, value }) => [name, value])) as Parsed<D>
}

/**
 * In the order of the declaration. Keys that are not declared are no error and left out.
 * A text that `isOpen` says to be known later only, because it refers to a value elsewhere, is not refused.
 */
export function validateConfig(
  def: ConfigDef,
  raw: RawConfig,
  isOpen: (text: string) => boolean = () => false,
): Offered[] {
  const values = Object.entries(def).map(([name, key]) => {
    const text = raw[name]
    return typeof text === 'string' && isOpen(text)
      ? openValue(name, key, text)
      : validateKey({ name, key, text, parse: parserOf(key) })
  })
  const understood = Object.fromEntries(values.map(({ name, value }) => [name, value]))
  return values.map((value) => ({ ...value, ...offeredFor(def[value.name], understood) }))
}

const offeredFor = (key: ConfigKey | undefined, values: Understood) => ({
  recommended: key?.recommended?.(values) ?? [],
  visible: key?.visible?.(values) ?? true,
})

const openValue = (name: string, { type }: ConfigKey, text: string): ConfigValue => ({
  name,
  value: type === 'string' || type === 'class' ? javaTrim(text) : null,
  text: type === 'password' ? HIDDEN : javaTrim(text),
  errors: [],
})

/** A text of a type alone, without the rules of a key. @throws ConfigError */
export function parseText(name: string, key: ConfigKey, text: string): ConfigValue {
  const parsed = parserOf(key)(javaTrim(text), text)
  if ('reason' in parsed) throw new ConfigError(notUnderstood(name, key, text, parsed.reason))
  return { name, value: parsed.value, text: shownText(key, parsed), errors: [] }
}

/** What the key's own rules say of a value that is not there, or could not be parsed. */
export function refusalOfNull(name: string, key: ConfigKey): string[] {
  const refused = refusal(key, null)
  return refused === undefined ? [] : [ruleMessage(name, key, null, refused)]
}

export const defaultText = (key: ConfigKey): string | null => textOf(key.type, defaultOf(key))

type Given = {
  readonly name: string
  readonly key: ConfigKey
  readonly text: string | null | undefined
  readonly parse: Parse
}

function validateKey({ name, key, text, parse }: Given): ConfigValue {
  if (text === undefined) return absent(name, key)
  if (text === null) return { name, value: null, text: null, errors: refusalOfNull(name, key) }
  const parsed = parse(javaTrim(text), text)
  if ('reason' in parsed) {
    // Kafka runs the validator on null after a failed parse, so that one bad value may answer twice.
    const errors = [notUnderstood(name, key, text, parsed.reason), ...refusalOfNull(name, key)]
    return { name, value: null, text: null, errors }
  }
  const refused = refusal(key, parsed.value)
  const errors = refused === undefined ? [] : [ruleMessage(name, key, parsed.value, refused)]
  return { name, value: parsed.value, text: shownText(key, parsed), errors }
}

function absent(name: string, key: ConfigKey): ConfigValue {
  if (key.default !== undefined)
    return { name, value: defaultOf(key), text: defaultText(key), errors: [] }
  const missing = `Missing required configuration "${name}" which has no default value.`
  return { name, value: null, text: null, errors: [missing, ...refusalOfNull(name, key)] }
}

function defaultOf(key: ConfigKey): AnyValue {
  const value = key.default ?? null
  return key.type === 'password' && typeof value === 'string' ? new Password(value) : value
}

function textOf(type: ConfigType, value: AnyValue): string | null {
  if (value === null) return null
  if (type === 'double') return doubleText(Number(value))
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** A validator prints a list as Java does. */
const validatorText = (key: ConfigKey, value: AnyValue): string =>
  Array.isArray(value) ? `[${value.join(', ')}]` : (textOf(key.type, value) ?? 'null')

const shownText = (key: ConfigKey, { value, digits }: ParsedText): string | null =>
  digits ?? textOf(key.type, value)

const notUnderstood = (name: string, { type }: ConfigKey, text: string, reason: string): string =>
  `Invalid value ${type === 'password' ? HIDDEN : text} for configuration ${name}: ${reason}`

const ruleMessage = (name: string, key: ConfigKey, value: AnyValue, refused: Refusal): string =>
  typeof refused === 'string'
    ? `Invalid value ${validatorText(key, value)} for configuration ${key.ruleName ?? name}: ${refused}`
    : refused.message

function refusal(key: ConfigKey, value: AnyValue): Refusal | undefined {
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
  return (key.refuse as ((value: AnyValue) => Refusal | undefined) | undefined)?.(value)
}

type ParsedText = { readonly value: ValueOf[ConfigType]; readonly digits?: string }
/** `given` is the text before it was trimmed. */
type Parse = (text: string, given: string) => ParsedText | { readonly reason: string }

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

const parserOf = ({ type, classOf }: ConfigKey): Parse =>
  type === 'class' && classOf ? classParser(classOf) : PARSERS[type]

const classParser =
  (classOf: (name: string) => string | undefined): Parse =>
  (text, given) => {
    const value = classOf(text)
    return value === undefined ? { reason: `Class ${given} could not be found.` } : { value }
  }

// ConfigDef.parseValue drops what is repeated before it asks a ValidList; ConfigDef.validate does not.
const distinctList: Parse = (text) => ({ value: [...new Set(splitList(text))] })

/** Comma-separated; blanks around commas fall away, an empty item between two of them stays. */
export const splitList = (text: string): string[] =>
  javaTrim(text) === '' ? [] : javaTrim(text).split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/)
