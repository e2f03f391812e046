/** Records and schemas as JSON for readers: short where it can be, and without the notation that tells types apart for machines. */
import { decimalText } from '../../lib/data/decimal.ts'
import type { ConnectRecord, Header } from '../../lib/data/record.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Instant, Sized, type Value } from '../../lib/data/value.ts'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

const WIDTH = 90

/** Only the members that are given. */
export const recordJson = (record: Partial<ConnectRecord>): Json =>
  Object.fromEntries(
    Object.entries(record).map(([name, member]) => [name, memberJson(name, member)]),
  )

function memberJson(name: string, member: unknown): Json {
  // The members of a record by their names, as ConnectRecord types them.
  if (name === 'keySchema' || name === 'valueSchema') return schemaJson(member as Schema | null)
  if (name === 'headers') return (member as readonly Header[]).map(headerJson)
  return valueJson(member as Value)
}

const headerJson = ({ key, schema, value }: Header): Json => ({
  key,
  ...(schema && { schema: schemaJson(schema) }),
  value: valueJson(value),
})

/** `"int32"` where the type is all; fields by name. */
export function schemaJson(schema: Schema | null): Json {
  if (schema === null) return null
  const { type, fields, keys, values, default: given, parameters, ...rest } = schema
  const more: { readonly [key: string]: Json } = {
    ...rest,
    ...(parameters && { parameters }),
    ...(given === undefined ? {} : { default: valueJson(given) }),
    ...(fields && {
      fields: Object.fromEntries(fields.map((field) => [field.name, schemaJson(field.schema)])),
    }),
    ...(keys && { keys: schemaJson(keys) }),
    ...(values && { values: schemaJson(values) }),
  }
  return Object.keys(more).length === 0 ? type : { type, ...more }
}

function valueJson(value: Value): Json {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Sized) return value.value
  if (value instanceof Decimal) return decimalText(value)
  if (value instanceof Instant) return new Date(value.epochMs).toISOString()
  if (Buffer.isBuffer(value)) return `base64 ${value.toString('base64')}`
  if (Array.isArray(value)) return value.map(valueJson)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, one]) => [
      typeof key === 'string' ? key : String(valueJson(key)),
      valueJson(one),
    ]),
  )
}

/** On one line where it fits, else a member a line. */
export function pretty(json: Json, indent = ''): string {
  const line = oneLine(json)
  if (line.length + indent.length <= WIDTH || typeof json !== 'object' || json === null) return line
  const deeper = `${indent}  `
  const [open, close] = Array.isArray(json) ? ['[', ']'] : ['{', '}']
  const members = Array.isArray(json)
    ? json.map((one: Json) => deeper + pretty(one, deeper))
    : Object.entries(json).map(
        ([key, one]) => `${deeper}${JSON.stringify(key)}: ${pretty(one, deeper)}`,
      )
  return `${open}\n${members.join(',\n')}\n${indent}${close}`
}

function oneLine(json: Json): string {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json)
  if (Array.isArray(json)) return `[${json.map(oneLine).join(', ')}]`
  const members = Object.entries(json).map(
    ([key, one]) => `${JSON.stringify(key)}: ${oneLine(one)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
