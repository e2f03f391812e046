import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and cuts or holds what goes through. */
export type TcpProxy = {
  readonly host: string
  readonly port: number
  /** how many connections were made */
  readonly count: () => number
  /** Breaks every connection there is. */
  cut(): void
  /** Lets nothing through any more, in either direction, without breaking anything. */
  hold(): void
  /** Lets through what was held, and what comes. */
  release(): void
  close(): Promise<void>
}

/** Listens on any free port unless it is told on which. */
export async function tcpProxy(
  to: { readonly host: string; readonly port: number },
  at = 0,
): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let [count, isHeld] = [0, false]
  const server = createServer((client) => {
    count++
    const upstream = connect(to)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      if (isHeld) socket.pause()
      socket.on('data', (data) => other.write(data))
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    host: '127.0.0.1',
    port,
    count: () => count,
    cut,
    hold() {
      isHeld = true
      for (const socket of sockets) socket.pause()
    },
    release() {
      isHeld = false
      for (const socket of sockets) socket.resume()
    },
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const proxy = await tcpProxy({ host: '127.0.0.1', port: 1 })
  await proxy.close()
  return proxy.port
}
