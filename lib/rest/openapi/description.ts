/** What the OpenAPI document says of a route beyond its method and path. */

/** As much of JSON Schema 2020-12 as is needed here. */
export type Schema = {
  readonly $ref?: string
  readonly description?: string
  readonly type?: SchemaType | readonly SchemaType[]
  readonly enum?: readonly (string | null)[]
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  /** false: no other members than `properties` */
  readonly additionalProperties?: Schema | false
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
}

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'

export type Description = {
  readonly summary: string
  readonly query?: Readonly<Record<string, Schema>>
  readonly body?: Schema
  /** By status. What every route of its kind can answer (406, 409, 415, a path that cannot be read) is added by itself. */
  readonly answers: Readonly<Record<number, AnswerDescription>>
}

/** A text alone: below 400 there is no body, from there on it is an ErrorMessage. */
export type AnswerDescription = string | JsonAnswer

export type JsonAnswer = {
  readonly description: string
  readonly json: Schema
  readonly headers?: Readonly<Record<string, Schema>>
}

/** By `METHOD /path`. */
export type Descriptions = Readonly<Record<string, Description>>

export const json = (description: string, schema: Schema, more: Partial<JsonAnswer> = {}) => ({
  description,
  json: schema,
  ...more,
})

export const named = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

export const listOf = (items: Schema): Schema => ({ type: 'array', items })

export const mapOf = (additionalProperties: Schema): Schema => ({
  type: 'object',
  additionalProperties,
})

/** What any route may have to say. */
const ANYWHERE = ['The answer would take ', 'Request timed out']

/** An error whose message is of one of these forms, each a regular expression from the message's start. */
export const saying = (description: string, ...forms: readonly string[]): JsonAnswer =>
  json(description, {
    ...named('ErrorMessage'),
    properties: {
      message: { type: 'string', pattern: `^(${[...ANYWHERE, ...forms].join('|')})` },
    },
  })

/** Kafka Connect answers 500 to what its JSON reader refuses, which names the place, and to a null that it trips over. */
const UNREADABLE = [
  '[\\s\\S]*\\n at \\[Source: ',
  'Unrecognized field ',
  'Cannot (deserialize|construct|coerce) ',
  '(Document nesting depth|Number value length) ',
  'Cannot invoke ".*" because ".*" is null',
]

export const unreadable = (...others: readonly string[]): JsonAnswer =>
  saying('The body cannot be read, or what is asked for cannot be done', ...UNREADABLE, ...others)
