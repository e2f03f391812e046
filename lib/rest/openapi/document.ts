/** The OpenAPI 3.1 document, made of the route table and what is said of each route. */
import { KAFKA_VERSION } from '../../config/kafka-version.ts'
import { type Route, route } from '../http.ts'
import { CONNECTORS } from './connectors.ts'
import type { AnswerDescription, Description, Descriptions, Schema } from './description.ts'
import { json, named, saying } from './description.ts'
import { ENTITIES } from './entities.ts'
import { OFFSETS } from './offsets.ts'
import { PLUGINS } from './plugins.ts'
import { WORKER } from './worker.ts'

export const DESCRIPTIONS: Descriptions = { ...WORKER, ...CONNECTORS, ...OFFSETS, ...PLUGINS }

export const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`

/** `GET /openapi.json`, which describes itself too. */
export function openApiRoute(others: readonly Route[]): Route {
  let text: object | undefined
  const self: Route = route('GET', '/openapi.json', async () => {
    text ??= openApi([...others, self])
    return { status: 200, json: text }
  })
  return self
}

/** A route that nothing is said of is left out; a test finds it. */
export const openApi = (routes: readonly Route[]) => ({
  openapi: '3.1.0',
  info: {
    title: 'Kafka Connect REST API',
    version: KAFKA_VERSION,
    description:
      'What has a GET answers HEAD too, and everything answers OPTIONS. What fails may be tried again after a 409.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  paths: Object.fromEntries(
    [...new Set(routes.map(({ path }) => path))].map(
      (path) =>
        [
          path,
          pathItem(
            path,
            routes.filter((one) => one.path === path),
          ),
        ] as const,
    ),
  ),
  components: { schemas: ENTITIES },
})

/** By the name in a path. */
export const PATH_PARAMETERS: Readonly<Record<string, Schema>> = {
  connector: { type: 'string', minLength: 1, examples: ['lines'] },
  task: { type: 'integer', format: 'int32', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  plugin: {
    type: 'string',
    minLength: 1,
    description: 'Its class, with or without package, or the alias of it',
    examples: ['FileStreamSource'],
  },
  logger: { type: 'string', minLength: 1, examples: ['root'] },
  version: { type: 'integer', format: 'int32', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
}

const namesIn = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

function pathItem(path: string, routes: readonly Route[]) {
  const parameters = namesIn(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: PATH_PARAMETERS[name] ?? { type: 'string' },
  }))
  const operations = routes.flatMap((one) => {
    const described = DESCRIPTIONS[keyOf(one)]
    return described ? [[one.method.toLowerCase(), operation(one, described)] as const] : []
  })
  return { ...(parameters.length > 0 && { parameters }), ...Object.fromEntries(operations) }
}

function operation({ method, path }: Route, described: Description) {
  const { summary, query = {}, body } = described
  const parameters = Object.entries(query).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description && { description }),
    schema,
  }))
  return {
    operationId: operationId(method, path),
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
    }),
    responses: Object.fromEntries(
      Object.entries(answersOf(keyOf({ method, path }), described)).map(([status, one]) => [
        status,
        response(Number(status), path, one),
      ]),
    ),
  }
}

/** `getConnectorsConnectorStatus` */
const operationId = (method: string, path: string): string =>
  `${method.toLowerCase()}${path
    .split(/[^a-zA-Z]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`

/** With what every route of its kind can answer. */
export function answersOf(key: string, { answers }: Description): Description['answers'] {
  const [method = '', path = ''] = key.split(' ')
  return {
    ...(namesIn(path).length > 0 && { 400: 'The path cannot be read' }),
    406: 'The answer would be JSON, which is not accepted',
    ...(path.startsWith('/connectors') && { 409: 'Another change came between: try again' }),
    ...(/^P/.test(method) && { 415: 'The body is not sent as JSON' }),
    500: saying('It cannot be done'),
    ...answers,
  }
}

function response(status: number, path: string, answer: AnswerDescription): object {
  if (typeof answer === 'string')
    return status < 400
      ? { description: answer }
      : response(status, path, json(answer, named('ErrorMessage')))
  const { description, json: schema, headers } = answer
  const isPage = status === 400 && namesIn(path).length > 0
  return {
    description,
    ...(headers && { headers: headersOf(headers) }),
    content: {
      'application/json': { schema },
      // The HTTP server refuses an ambiguous path with a page.
      ...(isPage && { 'text/html': { schema: { type: 'string' } } }),
    },
  }
}

const headersOf = (headers: Readonly<Record<string, Schema>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, schema]) => [name, { schema }]))
