import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cleanWorld, openWorld, type World } from '../demo/world.ts'
import { addresses } from '../stack/addresses.ts'
import { freePort, host } from '../stack/ports.ts'
import { stackDir } from '../stack/records.ts'
import { type TcpProxy, tcpProxy } from '../tcp-proxy.ts'
import type { Api } from './api.ts'
import { type Deployment, deploymentAt } from './deployment.ts'
import { type Emulator, startEmulator } from './emulator.ts'
import { type Front, startFront } from './front.ts'

/** All that the end-to-end run stands on: the stack's servers, a MiniStack with IAM, the mapping front, and a checkout to deploy. */
export type Scene = {
  readonly world: World
  readonly emulator: Emulator
  readonly front: Front
  readonly deployment: Deployment
  /** Where the deployment finds Redis. */
  readonly redis: Redis
  /** What it was deployed with last. */
  params: Readonly<Record<string, string>>
  /** Of one who may use it; there from the first deployment on. */
  api: Api | undefined
  [Symbol.asyncDispose](): Promise<void>
}

export type Redis = {
  readonly host: string
  readonly port: number
  /** Breaks all connections and takes none. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

const EMULATOR_PORT = 24_710
const FRONT_PORT = 24_720

/** What a function's environment holds beside what it was deployed with: MiniStack's own reaches all of them. */
const environmentWith = (frontUrl: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_LAMBDA: frontUrl,
  // So that what comes later than this waits for a schedule.
  CONNECT_IDLE_TIMEOUT_MS: '3000',
})

/** Waits for another run, or a demo, on the same servers to end. */
export async function openScene(): Promise<Scene> {
  mkdirSync(join(stackDir, 'e2e'), { recursive: true })
  await using opened = new AsyncDisposableStack()
  const world = await openWorld()
  opened.defer(() => world.close())
  await cleanWorld(world)
  opened.defer(() => cleanWorld(world))
  const redis = await awayAndBack()
  opened.defer(() => redis.close())
  const [at, frontAt] = [await free(EMULATOR_PORT), await free(FRONT_PORT)]
  const emulator = await startEmulator(at, environmentWith(`http://${host}:${frontAt}`))
  opened.defer(() => emulator.stop())
  const front = await startFront(frontAt, emulator.url)
  opened.defer(() => front.close())
  const open = opened.move()
  return {
    world,
    emulator,
    front,
    redis,
    deployment: deploymentAt(emulator.url),
    params: {},
    api: undefined,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

const free = (first: number) => freePort({ first, count: 1 })

async function awayAndBack(): Promise<Redis> {
  let proxy: TcpProxy | undefined = await tcpProxy(addresses().redis)
  const { host, port } = proxy
  const close = async () => {
    await proxy?.close()
    proxy = undefined
  }
  return {
    host,
    port,
    goAway: close,
    async comeBack() {
      proxy = await tcpProxy(addresses().redis, port)
    },
    close,
  }
}
