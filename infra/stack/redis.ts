import { host } from './ports.ts'
import { program } from './programs.ts'
import type { Service } from './service.ts'

export const redis: Service<'redis'> = {
  name: 'redis',
  title: 'Redis',
  firstPort: 26380,
  portCount: 1,
  needs: [{ command: 'redis-server', debianPackage: 'redis-server' }],
  isInstalled: () => true,
  async install() {},
  async prepare() {},

  daemon: (dir, port) => ({
    command: program('redis-server'),
    args: ['--port', String(port), '--bind', host, '--save', '', '--appendonly', 'no'],
    cwd: dir,
  }),

  address: (port) => ({ host, port }),

  async probe(address) {
    const { Redis } = await import('ioredis')
    const client = new Redis({
      ...address,
      lazyConnect: true,
      connectTimeout: 2_000,
      commandTimeout: 2_000,
      retryStrategy: () => null,
    })
    client.on('error', () => {}) // The same error rejects connect() below.
    try {
      await client.connect()
      await client.ping()
    } finally {
      // On a connection that has ended it would wait 2 s for one more end.
      if (client.status !== 'end') client.disconnect()
    }
  },
}
