/** Whether an answer is as the OpenAPI document describes it. Stricter than the document: it knows no members beyond the described ones. */
import { named, type Schema } from '../../lib/rest/openapi/description.ts'
import { DESCRIPTIONS } from '../../lib/rest/openapi/document.ts'
import { ENTITIES } from '../../lib/rest/openapi/entities.ts'
import { answersOf } from '../../lib/rest/openapi/operation.ts'
import { matchPath, segmentsOf } from '../../lib/rest/path.ts'

export type GivenAnswer = { readonly status: number; readonly json: unknown }

const MEND = 'describe it in lib/rest/openapi, in the file of its subject'

/** What does not fit; empty when all does, or when no route is meant, which is refused everywhere alike. */
export function misfits(method: string, path: string, { status, json }: GivenAnswer): string[] {
  const found = findDescribed(method, path)
  if (!found || isElsewhere(json)) return []
  const told = (fault: string) => `${method} ${found.path} ${status}: ${fault}: ${MEND}`
  const answer = answersOf({ method, path: found.path }, found.description)[status]
  if (answer === undefined) return [told('no such answer')]
  if (typeof answer === 'string' && status < 400)
    return json === undefined ? [] : [told('it has a body')]
  const schema = typeof answer === 'string' ? named('ErrorMessage') : answer.json
  return faults(json, schema, 'the answer').map(told)
}

/** A worker may have paths on another listener, or not at all. */
const isElsewhere = (json: unknown): boolean =>
  isObject(json) && json.message === 'HTTP 404 Not Found'

function findDescribed(method: string, path: string) {
  const segments = segmentsOf(path.split('?')[0] ?? '')
  if ('ambiguous' in segments) return undefined
  return Object.entries(DESCRIPTIONS)
    .filter(([key]) => key.startsWith(`${method} `))
    .map(([key, description]) => ({ path: key.slice(method.length + 1), description }))
    .find((one) => matchPath(one.path, segments))
}

/** Each with its place. */
export function faults(value: unknown, schema: Schema, at: string): string[] {
  const { $ref, ...own } = schema
  return [
    ...($ref === undefined ? [] : faults(value, referred($ref), at)),
    ...(schema.anyOf ? anyFaults(value, schema.anyOf, at) : []),
    ...typeFaults(value, schema, at),
    ...($ref === undefined ? memberFaults(value, own, at) : declaredFaults(value, own, at)),
    ...(Array.isArray(value) && schema.items
      ? value.flatMap((one, index) => faults(one, schema.items ?? {}, `${at}[${index}]`))
      : []),
  ]
}

function referred($ref: string): Schema {
  const found = Object.entries(ENTITIES).find(([name]) => $ref.endsWith(`/${name}`))
  if (!found) throw new Error(`${$ref} is not in lib/rest/openapi/entities.ts`)
  return found[1]
}

function anyFaults(value: unknown, choices: readonly Schema[], at: string): string[] {
  const each = choices.map((choice) => faults(value, choice, at))
  return each.some((one) => one.length === 0) ? [] : each.flat()
}

function typeFaults(value: unknown, { type, enum: allowed, pattern }: Schema, at: string) {
  const types = type === undefined ? [] : [type].flat()
  const isOfType =
    types.length === 0 || types.some((one) => one === typeOf(value) || isWhole(one, value))
  const isAllowed = allowed?.includes(value as string | null) ?? true
  const matches = pattern === undefined || new RegExp(pattern).test(String(value))
  return [
    ...(isOfType ? [] : [`${at} is ${typeOf(value)}, not ${types.join(' or ')}`]),
    ...(isAllowed ? [] : [`${at} is ${JSON.stringify(value)}, none of ${allowed?.join(', ')}`]),
    ...(matches ? [] : [`${at} is ${JSON.stringify(value)}, not like ${pattern}`]),
  ]
}

const isWhole = (type: string, value: unknown) => type === 'integer' && Number.isInteger(value)

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function memberFaults(value: unknown, schema: Schema, at: string): string[] {
  if (!isObject(value) || !schema.type) return []
  const { properties = {}, required = [], additionalProperties } = schema
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${at} has no ${name}`),
    ...declaredFaults(value, schema, at),
    ...Object.entries(value)
      .filter(([name]) => !(name in properties))
      .flatMap(([name, one]) => strangerFaults(one, additionalProperties, `${at}.${name}`)),
  ]
}

const strangerFaults = (value: unknown, schema: Schema | false | undefined, at: string) =>
  schema ? faults(value, schema, at) : [`${at} is not described`]

function declaredFaults(value: unknown, { properties = {} }: Schema, at: string): string[] {
  if (!isObject(value)) return []
  return Object.entries(properties)
    .filter(([name]) => name in value)
    .flatMap(([name, schema]) => faults(value[name], schema, `${at}.${name}`))
}
