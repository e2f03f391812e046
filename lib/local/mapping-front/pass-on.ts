import { Agent, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent as SecureAgent, request as secureForward } from 'node:https'
import { messageOf } from '../../errors.ts'
import type { Log } from '../../ports.ts'

/**
 * Passes requests on as they are, the Host header among them: it is part of what callers sign.
 * Bodies stream both ways.
 */
export function passOn(upstream: string, log: Log) {
  const { protocol, hostname, port } = new URL(upstream)
  const isSecure = protocol === 'https:'
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true })
  const send = isSecure ? secureForward : forward

  function pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, url: path, rawHeaders } = request
    const onward = send({
      agent,
      hostname,
      ...(port && { port }),
      ...(method && { method }),
      path,
      headers: endToEnd(rawHeaders),
    })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders))
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    })
    onward.on('error', (error) => {
      if (response.destroyed) return
      log.warn(`${method} ${path} did not reach ${upstream}: ${messageOf(error)}`)
      if (response.headersSent) response.destroy()
      else response.writeHead(502, { 'x-amzn-errortype': 'ServiceException' }).end()
    })
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  }
  return { pass, close: () => agent.destroy() }
}

// Of one connection: Node says its own. The server has sent its 100 for an Expect already.
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'expect'])

function endToEnd(raw: readonly string[]): string[] {
  const headers: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = raw.slice(at, at + 2)
    if (!HOP_BY_HOP.has(name.toLowerCase())) headers.push(name, value)
  }
  return headers
}
