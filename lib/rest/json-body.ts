/** Request bodies, read as Kafka Connect's Jackson reads them; what it refuses is a 500 with its text. */
import type { RawConfig } from '../config/config-def.ts'
import { DataError, messageOf } from '../errors.ts'
import type { TargetState } from '../ports.ts'
import { jsonFault } from './json-fault.ts'

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

/** null for an empty body. @throws DataError naming the place of the fault. */
export function readJson(body: string | undefined): Json {
  const text = (body ?? '').replace(/^\uFEFF/, '')
  if (text.trim() === '') return null
  try {
    // A reviver is also given the source text of a primitive (ES2026), which TypeScript's types do not know yet.
    return JSON.parse(text, exact as (key: string, value: unknown) => unknown)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw new DataError(messageOf(cause), { cause })
    throw new DataError(jsonFault(text))
  }
}

const exact = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === 'number' ? new JsonNumber(source ?? String(value)) : value

const ENTITIES = 'org.apache.kafka.connect.runtime.rest.entities'
const CREATE = `${ENTITIES}.CreateConnectorRequest`
const MAP = 'java.util.LinkedHashMap'

export type CreateRequest = {
  readonly name: string
  readonly config: RawConfig
  readonly initialState: TargetState
}

/** The body of POST /connectors. @throws DataError */
export const readCreateRequest = (body: string | undefined): CreateRequest =>
  createRequestOf(readJson(body))

/** @throws DataError */
export function createRequestOf(json: Json): CreateRequest {
  if (json === null)
    throw new DataError(`Cannot invoke "${CREATE}.name()" because "createRequest" is null`)
  if (!isObject(json)) throw notFrom(CREATE, json)
  const unknown = Object.keys(json).find((field) => !FIELDS.includes(field))
  if (unknown !== undefined)
    throw new DataError(
      `Unrecognized field "${unknown}" (class ${CREATE}), not marked as ignorable (3 known properties: "config", "name", "initial_state") (through reference chain: ${CREATE}["${unknown}"])`,
    )
  return {
    name: readText(json.name ?? null, `${CREATE}["name"]`) ?? '',
    initialState: readInitialState(json.initial_state ?? null),
    config: readConfig(json.config ?? null, `${CREATE}["config"]->`),
  }
}

const FIELDS = ['name', 'config', 'initial_state']
const TARGET_STATES: readonly TargetState[] = ['RUNNING', 'PAUSED', 'STOPPED']

function readInitialState(json: Json): TargetState {
  const text = readText(json, `${CREATE}["initial_state"]`)
  if (text === null) return 'RUNNING'
  const state = TARGET_STATES.find((one) => one === text.toUpperCase())
  if (state) return state
  throw new DataError(
    `Cannot construct instance of \`${CREATE}$InitialState\`, problem: No enum constant ${CREATE}.InitialState.${text.toUpperCase()}`,
  )
}

/** A connector's configuration. @throws DataError */
export const readConfig = (json: Json, chain = ''): RawConfig =>
  readTexts(json, 'connectorConfig', chain)

/** A map of texts: numbers and booleans become text, null stays. @throws DataError with the name of Kafka Connect's variable */
export function readTexts(json: Json, variable: string, chain = ''): RawConfig {
  // What Kafka Connect does next fails so.
  if (json === null)
    throw new DataError(`Cannot invoke "java.util.Map.get(Object)" because "${variable}" is null`)
  if (!isObject(json)) throw notFrom(`${MAP}<java.lang.String,java.lang.String>`, json)
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, readText(value, `${chain}${MAP}["${key}"]`)]),
  )
}

function readText(json: Json, chain: string): string | null {
  if (json === null || typeof json === 'string') return json
  if (typeof json === 'boolean') return String(json)
  if (json instanceof JsonNumber) return json.text
  throw notFrom('java.lang.String', json, ` (through reference chain: ${chain})`)
}

function notFrom(type: string, json: Json, chain = ''): DataError {
  const [kind, token] = tokenOf(json)
  return new DataError(
    `Cannot deserialize value of type \`${type}\` from ${kind} value (token \`JsonToken.${token}\`)${chain}`,
  )
}

function tokenOf(json: Json): readonly [string, string] {
  if (Array.isArray(json)) return ['Array', 'START_ARRAY']
  if (json instanceof JsonNumber)
    return /^-?\d+$/.test(json.text)
      ? ['Integer', 'VALUE_NUMBER_INT']
      : ['Floating-point', 'VALUE_NUMBER_FLOAT']
  if (typeof json === 'boolean') return ['Boolean', json ? 'VALUE_TRUE' : 'VALUE_FALSE']
  return typeof json === 'string' ? ['String', 'VALUE_STRING'] : ['Object', 'START_OBJECT']
}

export const isObject = (json: Json): json is { readonly [member: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof JsonNumber)
