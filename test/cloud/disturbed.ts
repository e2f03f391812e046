import { once } from 'node:events'
import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Request = { readonly method: string; readonly path: string; readonly body: string }
/** As a service refuses: its error by name. */
export type Refusal = { readonly status: number; readonly error: string }

/**
 * An AWS service as it is with others about: before a request goes on to the emulator `meanwhile` may do something of its own there,
 * or have the request refused. `requests`: what has come, in order.
 */
export async function disturbed(
  emulator: string,
  meanwhile: (request: Request) => Promise<Refusal | undefined>,
) {
  const requests: string[] = []
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    const { pathname: path } = new URL(incoming.url ?? '', emulator)
    const request = { method: incoming.method ?? '', path, body: body.toString() }
    requests.push(`${request.method} ${path}`)
    const refusal = await meanwhile(request)
    if (refusal) {
      response.writeHead(refusal.status, {
        'content-type': 'application/json',
        'x-amzn-errortype': refusal.error,
      })
      response.end('{"Message":"refused"}')
      return
    }
    const answer = await passedOn(emulator, incoming, body)
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP

  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function passedOn(
  emulator: string,
  { url = '', method, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const onward = forward(new URL(url, emulator), { method, headers })
  onward.end(body)
  const [answer] = await once(onward, 'response')
  return answer
}
