import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { LOGGERS } from '../lib/config/loggers.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { Ports } from '../lib/ports.ts'
import { plugins } from '../lib/registry.ts'
import { handleRequest } from '../lib/rest/router.ts'
import { type SinkLags, sinkLags } from '../lib/rest/sink-lag.ts'
import { requestOf, resultOf } from './http-event.ts'
import { underName } from './log-name.ts'
import { observed } from './observed.ts'
import { wire } from './wire.ts'

/** Kafka Connect's REST API, behind API Gateway. */
export function apiHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const ports = underName(LOGGERS.rest, given)
  let lags: SinkLags | undefined
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(observed('api', ports))
    .handler(async (event) => {
      const wired = await ports()
      lags ??= sinkLags(wired)
      return resultOf(await handleRequest(requestOf(event), { ports: wired, plugins, lags }))
    })
}

export const handler = apiHandler(wire, plugins)
