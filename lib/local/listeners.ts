import { USERS_KEY } from '../config/rest-users.ts'
import type { WorkerProperties } from '../config/worker-config.ts'
import { ConfigError } from '../errors.ts'
import type { Log } from '../ports.ts'
import {
  type Answer,
  addressOf,
  type HttpServer,
  httpServer,
  type ListenersKey,
} from './http-server.ts'

/** All listeners as one server; its address is that of the first. @throws ConfigError naming their property */
export async function httpServers(
  {
    key = 'listeners',
    listeners,
    rest,
  }: Pick<WorkerProperties, 'listeners' | 'rest'> & { readonly key?: ListenersKey },
  log: Log,
  answer: Answer,
): Promise<HttpServer> {
  const [first = 'http://127.0.0.1:8083', ...others] = listeners
  const all = [first, ...others]
  if (!rest.users) for (const one of all) requireLoopback(one, key)
  const server = await httpServer(first, answer, log, key)
  const servers = [server]
  const close = async () => {
    await Promise.all(servers.map((one) => one.close()))
  }
  try {
    for (const listener of others) servers.push(await httpServer(listener, answer, log, key))
  } catch (error) {
    await close()
    throw error
  }
  return { address: server.address, close }
}

/** Whoever reaches the REST API may run what he likes, with the rights of this process. */
function requireLoopback(listener: string, key: ListenersKey): void {
  const { host } = addressOf(listener, key)
  if (/^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)) return
  throw new ConfigError(
    `Invalid value ${listener} for configuration ${key}: Without ${USERS_KEY}, which names who may use the REST API, it may listen on the loopback alone, such as http://127.0.0.1:8083`,
  )
}
