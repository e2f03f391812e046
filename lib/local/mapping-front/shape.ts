/** Shapes of requests, as a service model has them, and what is wrong with a value. */
export type Shape =
  | {
      readonly kind: 'string'
      readonly min?: number
      readonly max?: number
      readonly pattern?: string
    }
  | { readonly kind: 'enum'; readonly of: readonly string[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'list'; readonly of: Shape; readonly min?: number; readonly max?: number }
  | {
      readonly kind: 'map'
      readonly key: Shape
      readonly value: Shape
      readonly min?: number
      readonly max?: number
    }
  | { readonly kind: 'structure'; readonly members: Members; readonly required?: readonly string[] }

export type Members = { readonly [name: string]: Shape }

/** What is wrong, in AWS's words; or a type that is wrong, or a member that there is not. */
export type Fault = { readonly constraint: string } | { readonly content: string }

/** @param path as AWS writes it: `topics.1.member` */
export function faultsOf(value: unknown, shape: Shape, path: string): Fault[] {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string'
        ? stringFaults(value, shape, path)
        : wrongType(path, 'a string')
    case 'enum':
      if (typeof value !== 'string') return wrongType(path, 'a string')
      return failing(value, path, [
        !shape.of.includes(value) && `Member must satisfy enum value set: [${shape.of.join(', ')}]`,
      ])
    case 'integer':
      if (!Number.isInteger(value)) return wrongType(path, 'an integer')
      return rangeFaults(Number(value), shape, path, 'value')
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrongType(path, 'true or false')
    case 'timestamp':
      return Number.isFinite(value) ? [] : wrongType(path, 'seconds since 1970')
    case 'list':
      return Array.isArray(value) ? listFaults(value, shape, path) : wrongType(path, 'a list')
    case 'map':
      return isObject(value) ? mapFaults(value, shape, path) : wrongType(path, 'an object')
    case 'structure':
      return isObject(value) ? structureFaults(value, shape, path) : wrongType(path, 'an object')
  }
}

type Of<Kind extends Shape['kind']> = Extract<Shape, { readonly kind: Kind }>

const stringFaults = (value: string, shape: Of<'string'>, path: string): Fault[] => [
  ...rangeFaults(value.length, shape, path, 'length', value),
  ...failing(value, path, [
    shape.pattern !== undefined &&
      !new RegExp(`^(?:${shape.pattern})$`, 'u').test(value) &&
      `Member must satisfy regular expression pattern: ${shape.pattern}`,
  ]),
]

function rangeFaults(
  size: number,
  { min, max }: { readonly min?: number; readonly max?: number },
  path: string,
  what: 'value' | 'length',
  value: unknown = size,
): Fault[] {
  return failing(value, path, [
    min !== undefined && size < min && `Member must have ${what} greater than or equal to ${min}`,
    max !== undefined && size > max && `Member must have ${what} less than or equal to ${max}`,
  ])
}

const listFaults = (value: readonly unknown[], shape: Of<'list'>, path: string): Fault[] => [
  ...rangeFaults(value.length, shape, path, 'length', value),
  ...value.flatMap((item, at) => faultsOf(item, shape.of, `${path}.${at + 1}.member`)),
]

const mapFaults = (value: Json, shape: Of<'map'>, path: string): Fault[] => [
  ...rangeFaults(Object.keys(value).length, shape, path, 'length', value),
  ...Object.entries(value).flatMap(([key, item]) => [
    ...faultsOf(key, shape.key, `${path}.key`),
    ...faultsOf(item, shape.value, `${path}.${key}`),
  ]),
]

function structureFaults(value: Json, shape: Of<'structure'>, path: string): Fault[] {
  const inside = (name: string) => (path ? `${path}.${lowered(name)}` : lowered(name))
  const missing = (shape.required ?? [])
    .filter((name) => value[name] === undefined || value[name] === null)
    .flatMap((name) => failing(null, inside(name), ['Member must not be null']))
  const given = Object.entries(value).filter(([, item]) => item !== undefined && item !== null)
  const wrong = given.flatMap(([name, item]): Fault[] => {
    const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
    if (member) return faultsOf(item, member, inside(name))
    return [{ content: `Unrecognized member "${path ? `${path}.` : ''}${name}"` }]
  })
  return [...missing, ...wrong]
}

export type Json = { readonly [name: string]: unknown }

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

const wrongType = (path: string, wanted: string): Fault[] => [
  { content: `Could not parse request body into json: ${path || 'it'} must be ${wanted}` },
]

const failing = (value: unknown, path: string, constraints: readonly (string | false)[]): Fault[] =>
  constraints
    .filter((one) => one !== false)
    .map((one) => ({
      constraint: `${shown(value)} at '${path}' failed to satisfy constraint: ${one}`,
    }))

const shown = (value: unknown): string => {
  if (value === null) return 'Value null'
  return `Value '${typeof value === 'string' ? value : JSON.stringify(value)}'`
}
