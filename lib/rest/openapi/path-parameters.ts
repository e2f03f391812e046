import type { Schema } from './description.ts'

const INT32: Schema = {
  type: 'integer',
  format: 'int32',
  minimum: -(2 ** 31),
  maximum: 2 ** 31 - 1,
}

/** By the name in a path. */
export const PATH_PARAMETERS: Readonly<Record<string, Schema>> = {
  connector: { type: 'string', minLength: 1, examples: ['lines'] },
  task: INT32,
  version: INT32,
  plugin: {
    type: 'string',
    minLength: 1,
    description: 'Its class, with or without package, or the alias of it',
    examples: ['FileStreamSource'],
  },
  logger: { type: 'string', minLength: 1, examples: ['root'] },
}

export const namesIn = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

/** None where the path names none. */
export function pathParameters(path: string): { readonly parameters?: readonly object[] } {
  const parameters = namesIn(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: PATH_PARAMETERS[name] ?? { type: 'string' },
  }))
  return parameters.length > 0 ? { parameters } : {}
}
