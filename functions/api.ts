import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { LOGGERS } from '../lib/config/loggers.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { Ports } from '../lib/ports.ts'
import { restDoor } from '../lib/rest/door.ts'
import { sinkLags } from '../lib/rest/sink-lag.ts'
import { runningConfig } from '../lib/runtime/resolve-config.ts'
import { requestOf, resultOf } from './http-event.ts'
import { underName } from './log-name.ts'
import { observed } from './observed.ts'
import { plugins, wire } from './wire.ts'

/** Kafka Connect's REST API, behind API Gateway. */
export function apiHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const ports = underName(LOGGERS.rest, given)
  let door: ReturnType<typeof restDoor> | undefined
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(observed('api', ports))
    .handler(async (event) => {
      const wired = await ports()
      door ??= restDoor({ ports: wired, plugins, lags: sinkLags(wired) }, async (text) => {
        const found = await runningConfig({ text }, wired)
        return found.text ?? ''
      })
      return resultOf(await door(requestOf(event)))
    })
}

export const handler = apiHandler(wire, plugins)
