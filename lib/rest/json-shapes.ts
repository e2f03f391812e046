/** What a body is read as. A mismatch is told as Jackson's deserializers tell it, with the place and what lies around. */
import { DataError } from '../errors.ts'
import { faultText, JsonFault, within } from './json-fault.ts'
import { tokenName } from './json-scalars.ts'
import { isBlank, nextToken, type Scan, scanOf, type Token } from './json-tokens.ts'

/** Reads what begins with this token. @throws JsonFault */
export type Shape<T> = (token: Token, scan: Scan) => T

/**
 * null for an empty body and for `null`. Nothing may follow the value, which `javaClass` is what it is taken for; without
 * one, what follows is not looked at. @throws DataError naming the place of the fault.
 */
export function readBody<T>(
  body: string | undefined,
  shape: Shape<T>,
  javaClass?: string,
): T | null {
  const bytes = Buffer.from(body ?? '')
  const scan = scanOf(bytes)
  try {
    if (isBlank(scan)) return null
    const value = orNull(shape)(nextToken(scan), scan)
    if (javaClass !== undefined && !isBlank(scan)) throw trailing(nextToken(scan), javaClass)
    return value
  } catch (fault) {
    if (fault instanceof JsonFault) throw new DataError(faultText(fault, bytes))
    throw fault
  }
}

const trailing = ({ kind, text: sent, at }: Token, javaClass: string): JsonFault =>
  mismatch(
    `Trailing token (of type ${tokenName(kind, sent)}) found after value (bound as \`${javaClass}\`): not allowed as per \`DeserializationFeature.FAIL_ON_TRAILING_TOKENS\``,
    at,
  )

export const orNull =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (token, scan) =>
    token.kind === 'null' ? null : shape(token, scan)

/** A text; numbers and booleans as they were sent. */
export const text: Shape<string> = (token) => {
  if (token.kind === '{' || token.kind === '[') throw notFrom('java.lang.String', token)
  return token.text
}

const MAP = 'java.util.LinkedHashMap'

export const mapOf =
  <T>(member: Shape<T>, javaType: string): Shape<Readonly<Record<string, T | null>>> =>
  (token, scan) => {
    if (token.kind === 'string') throw notFromText(MAP, token, 'element of ')
    if (token.kind !== '{') throw notFrom(`${MAP}<java.lang.String,${javaType}>`, token)
    const entries = entriesOf(scan, (name, first) =>
      within(`${MAP}["${name}"]`, () => orNull(member)(first, scan), 'mismatches'),
    )
    return Object.fromEntries(entries)
  }

function entriesOf<T>(scan: Scan, read: (name: string, first: Token) => T): [string, T][] {
  const entries: [string, T][] = []
  for (let token = nextToken(scan); token.kind !== '}'; token = nextToken(scan))
    entries.push([token.text, read(token.text, nextToken(scan))])
  return entries
}

export const listOf =
  <T>(item: Shape<T>, javaType: string): Shape<readonly (T | null)[]> =>
  (token, scan) => {
    if (token.kind !== '[') throw notFrom(`java.util.ArrayList<${javaType}>`, token)
    const items: (T | null)[] = []
    for (let first = nextToken(scan); first.kind !== ']'; first = nextToken(scan)) {
      const around = `java.util.ArrayList[${items.length}]`
      items.push(within(around, () => orNull(item)(first, scan)))
    }
    return items
  }

type Fields = Readonly<Record<string, Shape<unknown>>>
type Read<F extends Fields> = { readonly [K in keyof F]?: ReturnType<F[K]> | null }

/** An object of these fields; others are refused, or `ignored`. */
export const objectOf =
  <const F extends Fields>(
    javaClass: string,
    fields: F,
    others: 'refused' | 'ignored' = 'refused',
  ): Shape<Read<F>> =>
  (token, scan) => {
    if (token.kind !== '{') throw notMade(javaClass, token)
    const known = Object.keys(fields)
    const missing = new Set(known)
    let unknown: string | undefined
    const entries = entriesOf(scan, (name, first) => {
      const shape = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (shape) {
        const value = within(`${javaClass}["${name}"]`, () => orNull(shape)(first, scan))
        missing.delete(name)
        return value
      }
      // Once it has all that it makes the object from, Jackson looks at the rest as it comes; before, at the end.
      if (missing.size === 0 && others === 'refused')
        throw unrecognized(javaClass, unknown ?? name, known, firstEnd(first))
      unknown ??= name
      return anything(first, scan)
    })
    if (unknown !== undefined && others === 'refused')
      throw unrecognized(javaClass, unknown, known, scan.at)
    // Each member was read by the shape of its name.
    return Object.fromEntries(entries) as Read<F>
  }

// Of a text Jackson has read the quote by then.
const firstEnd = ({ kind, at, end }: Token): number => (kind === 'string' ? at + 1 : end)

function unrecognized(
  javaClass: string,
  field: string,
  known: readonly string[],
  at: number,
): JsonFault {
  const count = known.length === 1 ? 'one known property' : `${known.length} known properties`
  const fault = mismatch(
    `Unrecognized field "${field}" (class ${javaClass}), not marked as ignorable (${count}: ${known.map((name) => `"${name}"`).join(', ')})`,
    at,
  )
  fault.chain.push(`${javaClass}["${field}"]`)
  return fault
}

/** A number keeps the digits it was sent with. */
export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Json =
  | string
  | boolean
  | null
  | JsonNumber
  | readonly Json[]
  | { readonly [member: string]: Json }

export const isObject = (json: Json): json is { readonly [member: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof JsonNumber)

export const anything: Shape<Json> = (token, scan) => {
  if (token.kind === '{')
    return Object.fromEntries(entriesOf(scan, (_, first) => anything(first, scan)))
  if (token.kind === '[') return itemsOf(scan)
  if (token.kind === 'number') return new JsonNumber(token.text)
  if (token.kind === 'string') return token.text
  return token.kind === 'null' ? null : token.kind === 'true'
}

function itemsOf(scan: Scan): Json[] {
  const items: Json[] = []
  for (let first = nextToken(scan); first.kind !== ']'; first = nextToken(scan))
    items.push(anything(first, scan))
  return items
}

export const mismatch = (reason: string, at: number): JsonFault =>
  new JsonFault(reason, at, 'mismatch')

export function notFrom(javaType: string, { kind, text, at }: Token): JsonFault {
  const name = tokenName(kind, text)
  return mismatch(
    `Cannot deserialize value of type \`${javaType}\` from ${KINDS[name] ?? 'Boolean'} value (token \`JsonToken.${name}\`)`,
    at,
  )
}

const KINDS: Readonly<Record<string, string>> = {
  START_OBJECT: 'Object',
  START_ARRAY: 'Array',
  VALUE_STRING: 'String',
  VALUE_NUMBER_INT: 'Integer',
  VALUE_NUMBER_FLOAT: 'Floating-point',
}

const notFromText = (javaClass: string, { text: sent, at }: Token, part = ''): JsonFault =>
  mismatch(
    sent === ''
      ? `Cannot coerce empty String ("") to ${part}\`${javaClass}\`${part === '' ? ' value' : ''} (but could if coercion was enabled using \`CoercionConfig\`)`
      : `${noCreator(javaClass)}: no String-argument constructor/factory method to deserialize from String value ('${sent}')`,
    at,
  )

function notMade(javaClass: string, token: Token): JsonFault {
  if (token.kind === 'string') return notFromText(javaClass, token)
  if (token.kind === '[') return notFrom(javaClass, token)
  const [argument, from] =
    token.kind === 'number' ? [argumentOf(token.text), 'Number'] : ['boolean/Boolean', 'boolean']
  return mismatch(
    `${noCreator(javaClass)}: no ${argument}-argument constructor/factory method to deserialize from ${from} value (${token.text})`,
    token.at,
  )
}

const argumentOf = (digits: string): string =>
  tokenName('number', digits).endsWith('FLOAT') ? 'double/Double' : 'int/Int'

const noCreator = (javaClass: string): string =>
  `Cannot construct instance of \`${javaClass}\` (although at least one Creator exists)`
