import { messagesAt, PROBE_MS } from '../probing/fault-messages.ts'
import { connectRedis, type RedisLogin } from './connection.ts'

/** Whether the server can be reached, lets one in and is ready: messages by key. */
export async function probeRedis(
  login: RedisLogin,
): Promise<Readonly<Record<string, readonly string[]>>> {
  try {
    const connection = await connectRedis({ ...login, replyTimeoutMs: PROBE_MS })
    connection.close()
    return {}
  } catch (error) {
    return messagesAt(error, login.keys.host)
  }
}
