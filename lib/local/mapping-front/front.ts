/** Lambda's API with working Kafka event source mappings, before an emulator that has none. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda'
import { messageOf } from '../../errors.ts'
import { kafkaTopics } from '../../kafka/topics.ts'
import { systemClock } from '../../monitoring/system-clock.ts'
import type { Log } from '../../ports.ts'
import { type Answer, mappingApi } from './api.ts'
import { callRate } from './call-rate.ts'
import { feed } from './feeding.ts'
import { findFunction } from './functions.ts'
import { mappingTable } from './mapping-table.ts'
import { passOn } from './pass-on.ts'
import { Refusal } from './refusal.ts'
import { stateFile } from './state-file.ts'
import type { Passing } from './stored-mapping.ts'

export type FrontSettings = {
  /** host:port, comma-separated: the cluster that is polled, whatever a mapping calls it */
  readonly kafkaBootstrap: string
  /** where every request goes that is not about mappings, and where functions are invoked */
  readonly upstream: string
  /** any that is free by default */
  readonly port?: number
  /** how long a state lasts that passes: all of them, or each; 1 s by default */
  readonly delaysMs?: number | Partial<Readonly<Record<Passing, number>>>
  /** of this API; AWS's 15 by default */
  readonly callsPerSecond?: number
  /** what outlives a restart; none: nothing does */
  readonly stateFile?: string
  /** of the front's own calls at the upstream; by default what the SDK finds */
  readonly region?: string
  readonly credentials?: NonNullable<LambdaClientConfig['credentials']>
  readonly log: Log
}

export type MappingFront = {
  readonly url: string
  /** Resolves when nothing is delivered any more and the port is free. */
  close(): Promise<void>
}

const DEFAULT_DELAY_MS = 1_000
const CALLS_PER_SECOND = 15
/** A mapping's function runs for 14 minutes at most. */
const INVOCATION_MS = 900_000

export async function startMappingFront(settings: FrontSettings): Promise<MappingFront> {
  const { log, upstream, delaysMs = {} } = settings
  const clock = systemClock
  const kafka = { brokers: settings.kafkaBootstrap.split(',') }
  const topics = kafkaTopics(kafka, log)
  const [asking, invoking] = [
    upstreamClient(settings, 10_000),
    upstreamClient(settings, INVOCATION_MS),
  ]
  const table = mappingTable({
    file: stateFile(settings.stateFile),
    delayMs: (state) =>
      (typeof delaysMs === 'number' ? delaysMs : delaysMs[state]) ?? DEFAULT_DELAY_MS,
    feed: (mapping, say) => feed({ kafka, topics, client: invoking, clock, log }, mapping, say),
    clock,
    log,
  })
  const call = mappingApi({ table, findFunction: (name) => findFunction(asking, name), clock })
  const admit = callRate(settings.callsPerSecond ?? CALLS_PER_SECOND, clock)
  const onward = passOn(upstream, log)

  async function answer(request: IncomingMessage, path: Path): Promise<Answer> {
    admit()
    const body = await text(request)
    return call({ method: request.method ?? '', ...path, body: jsonOf(body) })
  }
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    if (!path) return onward.pass(request, response)
    try {
      const { status, body } = await answer(request, path)
      send(response, status, body)
    } catch (error) {
      const refusal = error instanceof Refusal ? error : failure(error)
      const headers = { 'x-amzn-errortype': refusal.kind, ...refusal.headers }
      send(response, refusal.status, refusal.body, headers)
    }
  }
  function failure(error: unknown): Refusal {
    log.error(`The mapping front failed: ${messageOf(error)}`, { error })
    return new Refusal('ServiceException', messageOf(error))
  }

  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    respond(request, response).catch((error: unknown) => {
      failure(error)
      response.destroy()
    })
  })
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(settings.port ?? 0, '127.0.0.1', resolve)
  await listening
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((done) => server.close(done))
      await table.close()
      server.closeAllConnections()
      await closed
      onward.close()
      topics.close()
      for (const client of [asking, invoking]) client.destroy()
    },
  }
}

const upstreamClient = (settings: FrontSettings, requestTimeout: number): LambdaClient =>
  new LambdaClient({
    endpoint: settings.upstream,
    // The poller does again what fails, for ever.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout, throwOnRequestTimeout: true },
    ...(settings.region !== undefined && { region: settings.region }),
    ...(settings.credentials && { credentials: settings.credentials }),
  })

type Path = { readonly uuid: string; readonly query: URLSearchParams }

/** Undefined for what is not about mappings. */
function pathOf({ url = '' }: IncomingMessage): Path | undefined {
  const { pathname, searchParams } = new URL(url, 'http://front')
  const found = /^\/2015-03-31\/event-source-mappings(?:\/([^/]*)\/?)?$/.exec(pathname)
  return found ? { uuid: decodeURIComponent(found[1] ?? ''), query: searchParams } : undefined
}

function jsonOf(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    // Text that is no JSON is no object either, and refused as such.
    return body
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...headers,
  })
  response.end(JSON.stringify(body))
}
