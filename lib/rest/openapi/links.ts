import type { Route } from '../http.ts'
import { namesIn } from './path-parameters.ts'

/** `getConnectorsConnectorStatus` */
export const operationId = ({
  method,
  path,
}: {
  readonly method: string
  readonly path: string
}): string =>
  `${method.toLowerCase()}${path
    .split(/[^a-zA-Z]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}`

/** What is known when a connector was made: its name, and that it will have a first task. */
const KNOWN: Readonly<Record<string, string>> = {
  connector: '$response.body#/name',
  task: '0',
}

/** From a connector that was made to all that can be done with it, by operation. */
export const connectorLinks = (routes: readonly Route[]) =>
  Object.fromEntries(routes.filter(isOfConnector).map((one) => [operationId(one), linkTo(one)]))

const isOfConnector = ({ path }: Route): boolean => {
  const names = namesIn(path)
  return names.includes('connector') && names.every((name) => name in KNOWN)
}

const linkTo = (route: Route) => ({
  operationId: operationId(route),
  parameters: Object.fromEntries(namesIn(route.path).map((name) => [name, KNOWN[name]])),
})

export const linksTo = (links: object) =>
  Object.fromEntries(
    Object.keys(links).map((name) => [name, { $ref: `#/components/links/${name}` }]),
  )
