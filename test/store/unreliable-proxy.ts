import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What becomes of one call. */
export type Fault =
  /** carried out, but its reply never comes: the connection is cut */
  | 'lose reply'
  /** carried out, but nothing comes and the connection stays */
  | 'keep silent'
  /** not carried out; this JSON is answered */
  | { readonly status: number; readonly answer: Readonly<Record<string, unknown>> }

export type UnreliableProxy = {
  readonly url: string
  /** Asked for each call, which is named as in `TransactWriteItems`; undefined = nothing goes wrong. */
  fault: (call: string, request: Readonly<Record<string, unknown>>) => Fault | undefined
  /** how many calls met a fault */
  faults: number
  close(): Promise<void>
}

/** Stands before a DynamoDB and spoils calls. */
export async function unreliableProxy(endpoint: string): Promise<UnreliableProxy> {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await buffer(incoming)
    const call = String(incoming.headers['x-amz-target']).split('.')[1] ?? ''
    const fault = proxy.fault(call, JSON.parse(body.toString()))
    if (fault) proxy.faults++
    if (typeof fault === 'object') {
      outgoing.writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.0' })
      outgoing.end(JSON.stringify(fault.answer))
      return
    }
    const { status, headers, reply } = await forward(endpoint, incoming, body)
    if (fault === 'lose reply') outgoing.destroy()
    if (fault) return
    outgoing.writeHead(status, headers)
    outgoing.end(reply)
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))

  const proxy: UnreliableProxy = {
    // An object is what an address of a TCP server is.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => undefined,
    faults: 0,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
  return proxy
}

async function forward(endpoint: string, incoming: IncomingMessage, body: Buffer) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { method = 'POST', headers } = incoming
    const outgoing = request(endpoint, { method, headers }, resolve)
    outgoing.on('error', reject)
    outgoing.end(body)
  })
  return { status: answer.statusCode ?? 502, headers: answer.headers, reply: await buffer(answer) }
}
