import { decimalFromBytes, parseDecimal } from '../../data/decimal.ts'
import { parseFloat32 } from '../../data/float-text.ts'
import { typeName } from '../../data/java-class.ts'
import {
  DATE,
  DECIMAL,
  dateOfDays,
  readScale,
  TIME,
  TIMESTAMP,
  timeOfMs,
  timestampOfMs,
} from '../../data/logical-types.ts'
import type { Schema, SchemaType } from '../../data/schema.ts'
import { validateField } from '../../data/validate.ts'
import { Decimal, type Value } from '../../data/value.ts'
import { DataError } from '../../errors.ts'
import { fromBase64 } from './base64.ts'
import type { Json, Numbers } from './parse.ts'

/** A number with a point or an exponent, as its exact text. */
export type Real = { readonly real: string }

/** JSON with no number rounded. undefined is what Jackson calls missing: the value of an empty document. */
export type Node = Json<bigint | Real> | undefined

export const EXACT: Numbers<bigint | Real> = {
  integer: (text) => BigInt(text),
  real: (real) => ({ real }),
}

/** Numbers of a value without a schema: int64, which wraps around, and float64. */
export const PLAIN: Numbers<bigint | number> = {
  integer: (text) => BigInt.asIntN(64, BigInt(text)),
  real: (text) => doubleOf(text),
}

/** The value of a node without a schema. */
export function plainOf(node: Node): Value {
  if (typeof node === 'bigint') return BigInt.asIntN(64, node)
  if (isReal(node)) return doubleOf(node.real)
  if (Array.isArray(node)) return node.map(plainOf)
  if (node instanceof Map) return new Map(Array.from(node, ([key, one]) => [key, plainOf(one)]))
  return node ?? null
}

export type DecodeSettings = { readonly replaceNullWithDefault: boolean }

/** The value of a node by its schema, as lenient as Kafka Connect is: text is 0 for a number, 1.9 is 1 for an integer. @throws DataError */
export function convert(schema: Schema, node: Node, settings: DecodeSettings): Value {
  if (node === null) return valueOfNull(schema, settings)
  const logical = schema.name === undefined ? undefined : LOGICAL.get(schema.name)
  return logical ? logical(schema, node) : CONVERT[schema.type](schema, node, settings)
}

function valueOfNull(schema: Schema, { replaceNullWithDefault }: DecodeSettings): Value {
  const fallback = schema.default ?? null
  if (fallback !== null && replaceNullWithDefault) return fallback
  if (schema.optional) return null
  throw new DataError(`Invalid null value for required ${typeName(schema.type)} field`)
}

export const isReal = (node: Node): node is Real =>
  typeof node === 'object' && node !== null && 'real' in node

/** What Jackson calls this kind of node. */
export function nodeType(node: Node): string {
  if (node === undefined) return 'MISSING'
  if (node === null) return 'NULL'
  if (Array.isArray(node)) return 'ARRAY'
  if (node instanceof Map) return 'OBJECT'
  if (typeof node === 'string') return 'STRING'
  return typeof node === 'boolean' ? 'BOOLEAN' : 'NUMBER'
}

type Convert = (schema: Schema, node: Exclude<Node, null>, settings: DecodeSettings) => Value

const integer =
  (bits: number): Convert =>
  (_, node) =>
    Number(BigInt.asIntN(bits, integerOf(node)))

const CONVERT: Readonly<Record<SchemaType, Convert>> = {
  int8: integer(8),
  int16: integer(16),
  int32: integer(32),
  int64: (_, node) => BigInt.asIntN(64, integerOf(node)),
  float32: (_, node) => floatOfNode(node),
  float64: (_, node) => (isReal(node) ? doubleOf(node.real) : numberOf(node)),
  boolean: (_, node) => node === true,
  string: (_, node) => (typeof node === 'string' ? node : null),
  bytes: (_, node) => bytesOf(node),
  array: convertArray,
  map: convertMap,
  struct: convertStruct,
}

const numberOf = (node: Node): number => (typeof node === 'bigint' ? Number(node) : 0)

function integerOf(node: Node): bigint {
  if (typeof node === 'bigint') return node
  return isReal(node) ? truncated(parseDecimal(node.real)) : 0n
}

/** The low 64 bits are right; those of 10^64 and more are zero, and it is not worked out. */
function truncated({ unscaled, scale }: Decimal): bigint {
  if (scale <= -64) return 0n
  if (scale <= 0) return unscaled * 10n ** BigInt(-scale)
  return scale > String(unscaled).length ? 0n : unscaled / 10n ** BigInt(scale)
}

const ZERO = /^-?[0.]+(?:e|$)/i

/** Of the text of a BigDecimal, which has no negative zero. */
export const doubleOf = (text: string): number => (ZERO.test(text) ? 0 : Number(text))

/** Of the text of a BigDecimal, rounded once. */
export const floatOf = (text: string): number => (ZERO.test(text) ? 0 : parseFloat32(text))

function floatOfNode(node: Node): number {
  if (typeof node === 'bigint') return parseFloat32(String(node))
  return isReal(node) ? floatOf(node.real) : 0
}

function bytesOf(node: Node): Buffer | null {
  if (typeof node !== 'string') return null
  const bytes = fromBase64(node)
  if (bytes === undefined) throw new DataError('Invalid bytes field')
  return bytes
}

function convertArray(
  { values: schema }: Schema,
  node: Exclude<Node, null>,
  settings: DecodeSettings,
): Value[] {
  const elements = node instanceof Map ? [...node.values()] : Array.isArray(node) ? node : []
  return elements.map((element) => convertInner(schema, element, settings))
}

/** Schemas that come from JSON always tell the inner one. */
const convertInner = (schema: Schema | undefined, node: Node, settings: DecodeSettings): Value => {
  if (schema === undefined) throw new DataError('Unknown schema type: null')
  return convert(schema, node, settings)
}

function convertMap(
  { keys, values }: Schema,
  node: Exclude<Node, null>,
  settings: DecodeSettings,
): ReadonlyMap<Value, Value> {
  if (keys?.type === 'string') {
    if (!(node instanceof Map))
      throw new DataError(
        `Maps with string fields should be encoded as JSON objects, but found ${nodeType(node)}`,
      )
    const members = [...node]
    return new Map(members.map(([key, value]) => [key, convertInner(values, value, settings)]))
  }
  if (!Array.isArray(node))
    throw new DataError(
      `Maps with non-string fields should be encoded as JSON array of tuples, but found ${nodeType(node)}`,
    )
  return new Map(
    node.map((entry) => {
      const [key, value] = pairOf(entry)
      return [convertInner(keys, key, settings), convertInner(values, value, settings)]
    }),
  )
}

function pairOf(entry: Node): readonly Node[] {
  if (!Array.isArray(entry))
    throw new DataError(`Found invalid map entry instead of array tuple: ${nodeType(entry)}`)
  if (entry.length !== 2)
    throw new DataError(`Found invalid map entry, expected length 2 but found :${entry.length}`)
  return entry
}

function convertStruct(
  { fields = [] }: Schema,
  node: Exclude<Node, null>,
  settings: DecodeSettings,
): Value {
  if (!(node instanceof Map))
    throw new DataError(`Structs should be encoded as JSON objects, but found ${nodeType(node)}`)
  const members = fields.map(({ name, schema }): [string, Value] => {
    const value = convert(schema, node.get(name) ?? null, settings)
    validateField(name, schema, value)
    return [name, value]
  })
  return Object.fromEntries(members)
}

type ConvertLogical = (schema: Schema, node: Exclude<Node, null>) => Value

const misfit = (type: string, wanted: string, node: Node): DataError =>
  new DataError(
    `Invalid type for ${type}, underlying representation should be ${wanted} but was ${nodeType(node)}`,
  )

/** Jackson's IntNode: an integer of 32 bits. */
function intOf(node: Node, type: string): number {
  if (typeof node === 'bigint' && BigInt.asIntN(32, node) === node) return Number(node)
  throw misfit(type, 'integer', node)
}

const LOGICAL: ReadonlyMap<string, ConvertLogical> = new Map<string, ConvertLogical>([
  [DATE, (_, node) => dateOfDays(intOf(node, 'Date'))],
  [TIME, (_, node) => timeOfMs(intOf(node, 'Time'))],
  [TIMESTAMP, convertTimestamp],
  [DECIMAL, convertDecimal],
])

function convertTimestamp(_: Schema, node: Node): Value {
  if (typeof node !== 'bigint') throw misfit('Timestamp', 'integral', node)
  return timestampOfMs(BigInt.asIntN(64, node))
}

function convertDecimal(schema: Schema, node: Node): Decimal {
  if (typeof node === 'bigint') return new Decimal(node, 0)
  if (isReal(node)) return parseDecimal(node.real)
  if (typeof node !== 'string') throw misfit('Decimal', 'numeric or bytes', node)
  const decimal = decimalOfText(schema, node)
  if (decimal === undefined) throw new DataError('Invalid bytes for Decimal field')
  return decimal
}

/** undefined for text that is no base64, nothing in it, or a schema without a scale. */
export function decimalOfText(schema: Schema, text: string): Decimal | undefined {
  const bytes = fromBase64(text)
  const scale = readScale(schema)
  if (bytes === undefined || bytes.length === 0 || scale === undefined) return undefined
  return new Decimal(decimalFromBytes(bytes), scale)
}
