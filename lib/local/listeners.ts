import { USERS_KEY } from '../config/rest-users.ts'
import type { WorkerProperties } from '../config/worker-config.ts'
import { ConfigError } from '../errors.ts'
import type { Log } from '../ports.ts'
import { type Answer, addressOf, type HttpServer, httpServer } from './http-server.ts'

/** All listeners as one server; its address is that of the first. @throws ConfigError naming `listeners` */
export async function httpServers(
  { listeners, rest }: Pick<WorkerProperties, 'listeners' | 'rest'>,
  log: Log,
  answer: Answer,
): Promise<HttpServer> {
  const [first = 'http://127.0.0.1:8083', ...others] = listeners
  const all = [first, ...others]
  if (!rest.users) all.forEach(requireLoopback)
  const server = await httpServer(first, answer, log)
  const servers = [server]
  const close = async () => {
    await Promise.all(servers.map((one) => one.close()))
  }
  try {
    for (const listener of others) servers.push(await httpServer(listener, answer, log))
  } catch (error) {
    await close()
    throw error
  }
  return { address: server.address, close }
}

/** Whoever reaches the REST API may run what he likes, with the rights of this process. */
function requireLoopback(listener: string): void {
  const { host } = addressOf(listener)
  if (/^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)) return
  throw new ConfigError(
    `Invalid value ${listener} for configuration listeners: Without ${USERS_KEY}, which names who may use the REST API, it may listen on the loopback alone, such as http://127.0.0.1:8083`,
  )
}
