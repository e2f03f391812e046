import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { ConfigError, messageOf } from '../errors.ts'
import type { Log } from '../ports.ts'

/** API Gateway's part on one machine: an HTTP request becomes the payload 2.0 event, the function's answer the response. */
export type HttpServer = {
  /** host:port as it is bound */
  readonly address: { readonly host: string; readonly port: number }
  /** Resolves when all requests are answered, or have had their time. */
  close(): Promise<void>
}

export type Answer = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

/** API Gateway's own limit for a request body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024

/** For requests that are under way when the server is closed. */
const CLOSE_MS = 3_000

/** The property that names where it listens. */
export type ListenersKey = 'listeners' | 'admin.listeners'

/** @throws ConfigError naming the property when the address is wrong or taken. */
export async function httpServer(
  listener: string,
  answer: Answer,
  log: Log,
  key: ListenersKey = 'listeners',
): Promise<HttpServer> {
  const { host, port } = addressOf(listener, key)
  const server = createServer((request, response) => {
    respond(request, response, answer).catch((error: unknown) => {
      log.error(`A request failed: ${messageOf(error)}`, { path: request.url, error })
      response.destroy()
    })
  })
  await listen(server, { host, port }).catch((cause) => {
    throw invalid(listener, key, messageOf(cause), cause)
  })
  server.on('error', (error) => log.error(`The HTTP server: ${messageOf(error)}`, { error }))
  // A listening TCP server has an AddressInfo.
  const bound = server.address() as AddressInfo
  return {
    address: { host, port: bound.port },
    close: () =>
      new Promise((resolve) => {
        // A connection that sends nothing, or half a request, would be waited for without end.
        const overdue = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
        server.close(() => {
          clearTimeout(overdue)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

const MAX_PORT = 65_535

/** @throws ConfigError naming the property. */
export function addressOf(listener: string, key: ListenersKey): HttpServer['address'] {
  if (/^https:/i.test(listener))
    throw invalid(
      listener,
      key,
      'There is no TLS here; have a proxy in front and listen on http://host:port',
    )
  const match = /^http:\/\/(\[[^\]]*\]|[^:/]*):(\d{1,5})\/?$/i.exec(listener)
  if (!match || Number(match[2]) > MAX_PORT)
    throw invalid(listener, key, 'Expected http://host:port')
  return { host: (match[1] ?? '').replace(/[[\]]/g, '') || '127.0.0.1', port: Number(match[2]) }
}

const invalid = (
  listener: string,
  key: ListenersKey,
  reason: string,
  cause?: unknown,
): ConfigError =>
  new ConfigError(`Invalid value ${listener} for configuration ${key}: ${reason}`, { cause })

function listen(server: Server, { host, port }: HttpServer['address']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  const body = await bodyOf(request)
  if (body === undefined) {
    // The rest of it is not read.
    response.writeHead(413, { connection: 'close' }).end()
    return
  }
  const { statusCode, headers, body: answered } = await answer(eventOf(request, body))
  response.writeHead(
    statusCode ?? 200,
    Object.entries(headers ?? {}).flatMap(([name, value]) => [name, String(value)]),
  )
  response.end(request.method === 'HEAD' ? undefined : answered)
}

/** Undefined when it is larger than allowed. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Destroyed, it could not be answered any more.
  const parts: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
  for await (const chunk of parts) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function eventOf(request: IncomingMessage, body: Buffer): APIGatewayProxyEventV2 {
  const [rawPath = '/', rawQueryString = ''] = splitOnce(request.url ?? '/', '?')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  )
  const method = request.method ?? 'GET'
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers,
    ...(body.length > 0 ? { body: body.toString('base64') } : {}),
    isBase64Encoded: body.length > 0,
    requestContext: {
      accountId: 'local',
      apiId: 'local',
      domainName: headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: 'local',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
