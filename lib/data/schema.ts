import type { Value } from './value.ts'

export type SchemaType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'boolean'
  | 'string'
  | 'bytes'
  | 'array'
  | 'map'
  | 'struct'

/** What a value must look like. Absent members mean false, null or empty. Schemas are immutable and may be shared: caches go by identity first. */
export type Schema = {
  readonly type: SchemaType
  readonly optional?: boolean
  readonly name?: string
  readonly version?: number
  readonly doc?: string
  readonly parameters?: Readonly<Record<string, string>>
  readonly default?: Value
  /** struct: in order */
  readonly fields?: readonly Field[]
  /** map */
  readonly keys?: Schema
  /** map, array */
  readonly values?: Schema
}

export type Field = { readonly name: string; readonly schema: Schema }

export type SchemaAndValue = { readonly schema: Schema | null; readonly value: Value }

export const STRING: Schema = { type: 'string' }
export const OPTIONAL_STRING: Schema = { type: 'string', optional: true }
export const OPTIONAL_BYTES: Schema = { type: 'bytes', optional: true }
