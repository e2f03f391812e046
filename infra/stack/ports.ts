import { connect, createServer } from 'node:net'

export const host = '127.0.0.1'

const step = 10
const tries = 100

/** The first of `count` ports in a row that nobody listens on: the remembered ones, else the first default that is free. */
export const freePort = async (wish: {
  readonly remembered?: number | undefined
  readonly first: number
  readonly count: number
}): Promise<number> => {
  const defaults = Array.from({ length: tries }, (_, turn) => wish.first + turn * step)
  const candidates = wish.remembered === undefined ? defaults : [wish.remembered, ...defaults]
  for (const port of candidates) {
    const row = Array.from({ length: wish.count }, (_, offset) => port + offset)
    const free = await Promise.all(row.map(isFree))
    if (free.every(Boolean)) return port
  }
  throw new Error(`no free port from ${wish.first} on`)
}

// Both ways: macOS lets us listen on 127.0.0.1 beside a listener on all addresses, and a bound port need not answer.
export const isFree = async (port: number): Promise<boolean> =>
  !(await answers(port)) && (await canListen(port))

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
