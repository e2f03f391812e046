import { DataError } from '../errors.ts'
import { aligned, commonSchema } from './common-schema.ts'
import { javaTrim } from './java-trim.ts'
import { isDigit, parseNumber } from './parse-number.ts'
import { parseTemporal } from './parse-temporal.ts'
import { type Schema, type SchemaAndValue, STRING } from './schema.ts'
import { isBlank, type TokenReader, tokenReader } from './token-reader.ts'
import { Sized, type Value } from './value.ts'
import { valueIdentity } from './value-identity.ts'

/** As deep as JSON may be. In Kafka Connect the stack is the limit: 1,785 lists in one another on a thread's usual 1 MB. */
const MAX_DEPTH = 1000

const LITERALS: ReadonlyMap<string, SchemaAndValue> = new Map<string, SchemaAndValue>([
  ['null', { schema: null, value: null }],
  ['true', { schema: { type: 'boolean' }, value: true }],
  ['false', { schema: { type: 'boolean' }, value: false }],
])

/**
 * Guesses what a text stands for: Values.parseString. Whatever is neither null, boolean, number, date, list nor map is a string of the whole text,
 * while a number or date is what stands before the first delimiter. Takes time in proportion to the text.
 * @throws DataError for lists and maps nested deeper than 1000.
 */
export function parseValue(text: string): SchemaAndValue {
  const reader = tokenReader(text)
  const literal = takeLiteral(reader)
  if (literal && !reader.hasNext()) return literal
  reader.backTo(0)
  const isContainer = reader.isNext('[') || reader.isNext('{')
  const found = isContainer ? takeContainer(reader) : takeWord(reader)
  if (found) return { schema: found.schema, value: settled(found.value, found.schema) }
  return { schema: STRING, value: isContainer ? leadingBlanks(text) || text : text }
}

/** All that Kafka Connect keeps of a text when, after them, it finds a list or map that it does not understand. */
function leadingBlanks(text: string): string {
  const first = tokenReader(text).next()
  return isBlank(first) ? first : ''
}

function takeLiteral(reader: TokenReader): SchemaAndValue | undefined {
  for (const [text, literal] of LITERALS) if (reader.take(text)) return literal
  return undefined
}

/** A number or a date. Times may have been cut at their colons: they are tried as five tokens first. */
function takeWord(reader: TokenReader): SchemaAndValue | undefined {
  const token = javaTrim(reader.next())
  if (!isDigit(token.charAt(0))) return /^[+-]/.test(token) ? parseNumber(token) : undefined
  const afterToken = reader.mark()
  const rest = reader.nextOf(4)
  const time = rest === undefined ? undefined : parseTemporal(token + rest)
  if (time) return time
  reader.backTo(afterToken)
  return parseTemporal(token) ?? parseNumber(token)
}

/** A backslash before a quote keeps it from ending the string, and stays. Blanks between two delimiters are lost, as in Kafka Connect. */
function takeString(reader: TokenReader): SchemaAndValue {
  const parts: string[] = []
  while (!reader.take('"') && reader.hasNext()) parts.push(reader.next())
  const text = parts.join('')
  return parseTemporal(text) ?? { schema: STRING, value: text }
}

/** undefined for what Kafka Connect does not understand either. */
function takeContainer(reader: TokenReader): SchemaAndValue | undefined {
  const identify = valueIdentity()
  return takeInner(0)

  function takeInner(depth: number): SchemaAndValue | undefined {
    if (depth > MAX_DEPTH) throw new DataError(`Values are nested deeper than ${MAX_DEPTH}`)
    if (reader.take('"')) return takeString(reader)
    const literal = takeLiteral(reader)
    if (literal) return literal
    if (reader.take('[')) return takeList(depth)
    return reader.take('{') ? takeMap(depth) : takeWord(reader)
  }

  function takeList(depth: number): SchemaAndValue | undefined {
    const elements: SchemaAndValue[] = []
    while (!reader.take(']')) {
      const element = takeInner(depth + 1)
      if (element === undefined) return undefined
      elements.push(element)
      if (!reader.isNext(']') && !reader.take(',')) return undefined
    }
    return listOf(elements)
  }

  function takeMap(depth: number): SchemaAndValue | undefined {
    const entries: Entry[] = []
    while (!reader.take('}')) {
      const key = takeInner(depth + 1)
      if (key === undefined || key.value === null || !reader.take(':')) return undefined
      const value = takeInner(depth + 1)
      if (value === undefined) return undefined
      entries.push({ key, value })
      reader.take(',')
    }
    return mapOf(entries, identify)
  }
}

type Entry = { readonly key: SchemaAndValue; readonly value: SchemaAndValue }

function listOf(elements: readonly SchemaAndValue[]): SchemaAndValue | undefined {
  const values = commonSchema(elements.map(({ schema }) => schema))
  const list = allAligned(
    elements.map(({ value }) => value),
    values,
  )
  return list && { schema: { type: 'array', ...(values && { values }) }, value: list }
}

/** Without a schema for the keys there is none for the values. A key that comes again gets the later value. */
function mapOf(
  entries: readonly Entry[],
  identify: (value: Value) => number,
): SchemaAndValue | undefined {
  const keys = commonSchema(entries.map(({ key }) => key.schema))
  const values = keys && commonSchema(entries.map(({ value }) => value.schema))
  const map = unique(
    entries.map(({ key, value }) => [key.value, value.value]),
    identify,
  )
  const alignedKeys = allAligned([...map.keys()], keys)
  const alignedValues = allAligned([...map.values()], values)
  if (alignedKeys === undefined || alignedValues === undefined) return undefined
  return {
    schema: { type: 'map', ...(keys && { keys }), ...(values && { values }) },
    value: unique(
      alignedKeys.map((key, at) => [key, alignedValues[at] ?? null]),
      identify,
    ),
  }
}

/** undefined when one of them does not fit. */
function allAligned(
  values: readonly Value[],
  schema: Schema | undefined,
): readonly Value[] | undefined {
  if (schema === undefined) return values
  const found: Value[] = []
  for (const value of values) {
    const fitting = aligned(value, schema)
    if (fitting === undefined) return undefined
    found.push(fitting)
  }
  return found
}

function unique(
  entries: readonly (readonly [Value, Value])[],
  identify: (value: Value) => number,
): Map<Value, Value> {
  const byIdentity = new Map<number, [Value, Value]>()
  for (const [key, value] of entries) {
    const identity = identify(key)
    const [firstKey] = byIdentity.get(identity) ?? [key]
    byIdentity.set(identity, [firstKey, value])
  }
  return new Map(byIdentity.values())
}

/** Numbers become plain where the schema around them tells their type. Loops, since a callback more doubles what a deep value needs of the stack. */
function settled(value: Value, schema: Schema | null): Value {
  if (value instanceof Sized)
    return value.type === (schema?.type ?? 'float64') ? value.value : value
  if (Array.isArray(value)) {
    const list: Value[] = []
    for (const element of value) list.push(settled(element, schema?.values ?? null))
    return list
  }
  if (!(value instanceof Map)) return value
  const map = new Map<Value, Value>()
  for (const [key, of] of value) {
    const plain = settled(key, schema?.keys ?? null)
    // A Map takes a plain -0 for 0, which in Java is another key.
    map.set(Object.is(plain, -0) ? key : plain, settled(of, schema?.values ?? null))
  }
  return map
}
