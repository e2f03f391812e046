/** The OpenAPI 3.1 document, made of the route table and what is said of each route. */
import { KAFKA_VERSION } from '../../config/kafka-version.ts'
import { type Route, route } from '../http.ts'
import { CONNECTORS } from './connectors.ts'
import type { Descriptions } from './description.ts'
import { ENTITIES } from './entities.ts'
import { connectorLinks, linksTo } from './links.ts'
import { OFFSETS } from './offsets.ts'
import { operation } from './operation.ts'
import { pathParameters } from './path-parameters.ts'
import { PLUGINS } from './plugins.ts'
import { WORKER } from './worker.ts'

export const DESCRIPTIONS: Descriptions = { ...WORKER, ...CONNECTORS, ...OFFSETS, ...PLUGINS }

export const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`

/** `GET /openapi.json`, which is in the document too. */
export function openApiRoute(others: readonly Route[]): Route {
  let document: object | undefined
  const self: Route = route('GET', '/openapi.json', async () => {
    document ??= openApi([...others, self])
    return { status: 200, json: document }
  })
  return self
}

/** A route that nothing is said of is left out; a test finds it. */
function openApi(all: readonly Route[]) {
  const routes = all.filter((one) => keyOf(one) in DESCRIPTIONS)
  const links = connectorLinks(routes)
  const byPath = [...Map.groupBy(routes, ({ path }) => path)]
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    paths: Object.fromEntries(
      byPath.map(([path, own]) => [
        path,
        { ...pathParameters(path), ...operations(own, linksTo(links)) },
      ]),
    ),
    components: { schemas: ENTITIES, links },
  }
}

const INFO = {
  title: 'Kafka Connect REST API',
  version: KAFKA_VERSION,
  description:
    'What has a GET answers HEAD too, and everything answers OPTIONS. What fails with 409 may be tried again.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
}

const operations = (routes: readonly Route[], links: object) =>
  Object.fromEntries(
    routes.flatMap((one) => {
      const described = DESCRIPTIONS[keyOf(one)]
      return described ? [[one.method.toLowerCase(), operation(one, described, links)]] : []
    }),
  )
