import net, { type AddressInfo, type Socket } from 'node:net'

/** Stands between a client and a broker, sees each request and each answer, and can cut the connection there. */
export type FrameProxy = {
  /** host:port for the client; answers that name the broker's address name this one instead */
  readonly address: string
  /** Connections that were cut. */
  readonly cuts: () => number
  close(): Promise<void>
}

export type Watch = {
  /** Asked before the broker gets the request: true cuts. */
  readonly request?: (apiKey: number) => boolean
  /** Asked when the broker has answered, before the client gets it: true cuts. A promise holds the answer back. */
  readonly answer?: (apiKey: number) => boolean | Promise<boolean>
}

export const PRODUCE = 0
export const FETCH = 1
export const OFFSET_COMMIT = 8
export const HEARTBEAT = 12

export async function frameProxy(broker: string, watch: Watch): Promise<FrameProxy> {
  const [host = '', port = ''] = broker.split(':')
  const sockets = new Set<Socket>()
  let cuts = 0

  const server = net.createServer((client) => {
    const upstream = net.connect({ host, port: Number(port), noDelay: true })
    const apiKeys = new Map<number, number>()
    const cut = () => {
      cuts++
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on(
      'data',
      framesTo((frame) => {
        const apiKey = frame.readInt16BE(4)
        apiKeys.set(frame.readInt32BE(8), apiKey)
        if (watch.request?.(apiKey)) cut()
        else upstream.write(frame)
      }),
    )
    let before = Promise.resolve()
    upstream.on(
      'data',
      framesTo((frame) => {
        before = before.then(async () => {
          const apiKey = apiKeys.get(frame.readInt32BE(4)) ?? -1
          if (await watch.answer?.(apiKey)) cut()
          else client.write(renamed(frame, host, Number(port), addressOf(server).port))
        })
      }),
    )
  })
  await new Promise<void>((listening) => server.listen(0, host, listening))

  return {
    address: `${host}:${addressOf(server).port}`,
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}

const addressOf = (server: net.Server): AddressInfo => server.address() as AddressInfo // of a TCP server that listens

/** Gives on whole frames: four bytes of length, then as many. */
function framesTo(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      take(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}

/** Metadata and coordinators with our port in the place of the broker's. */
function renamed(frame: Buffer, host: string, from: number, to: number): Buffer {
  const name = Buffer.concat([int16(host.length), Buffer.from(host), int32(from)])
  const copy = Buffer.from(frame)
  for (let at = copy.indexOf(name); at >= 0; at = copy.indexOf(name, at + 1))
    copy.writeInt32BE(to, at + name.length - 4)
  return copy
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
