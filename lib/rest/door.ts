/** The REST API as the world meets it: who may come in, how long an answer may take, what every answer carries. */
import type { HeaderRule } from '../config/header-rules.ts'
import type { RestSettings } from '../config/rest-config.ts'
import type { Clock } from '../ports.ts'
import { guardOf, type LookUp } from './access.ts'
import { errorAnswer } from './answers.ts'
import type { Api, Request, Response } from './http.ts'
import { segmentsOf } from './path.ts'
import { handleRequest, responseTo } from './router.ts'

/** Below the 29 s after which API Gateway gives up. Kafka Connect's is 90 s. */
export const REQUEST_TIMEOUT_MS = 20_000

/** One for the life of a container: it remembers who may come in. What it gives answers every request and never throws. */
export function restDoor(api: Api, lookUp: LookUp): (request: Request) => Promise<Response> {
  const { worker, clock } = api.ports
  const guard = guardOf(api, lookUp)
  const answer = async (request: Request): Promise<Response> => {
    const refused = isExempt(request, worker.rest) ? undefined : await guard(request)
    return refused ? responseTo(request, refused) : handleRequest(request, api)
  }
  return async (request) => {
    // Such a path does not get as far as to anything that knows headers.
    if ('ambiguous' in segmentsOf(request.path)) return handleRequest(request, api)
    const response = await inTime(request, answer(request), api)
    return withHeaders(response, headersFor(request, worker.rest, clock))
  }
}

/** What comes later is dropped; its work goes on. */
async function inTime(request: Request, answer: Promise<Response>, api: Api): Promise<Response> {
  const { clock, log } = api.ports
  const answered = new AbortController()
  const late = clock.sleep(REQUEST_TIMEOUT_MS, answered.signal).then(() => undefined)
  try {
    const response = await Promise.race([answer, late])
    if (response) return response
    log.error(`${request.method} ${request.path} took longer than ${REQUEST_TIMEOUT_MS} ms`)
    return responseTo(request, errorAnswer(500, 'Request timed out'))
  } finally {
    answered.abort()
  }
}

/** Internal requests are refused for want of a signature; a browser asks without credentials whether it may ask with them. */
const isExempt = (request: Request, rest: RestSettings | undefined): boolean =>
  (request.method === 'POST' && /^\/connectors\/[^/]+\/tasks\/?$/.test(request.path)) ||
  (request.method === 'PUT' && /^\/connectors\/[^/]+\/fence\/?$/.test(request.path)) ||
  (isPreflight(request) && allowedOrigin(request, rest) !== undefined)

const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

function allowedOrigin({ headers }: Request, rest: RestSettings | undefined): string | undefined {
  const { origin = '' } = headers
  return rest?.cors?.origins.some((pattern) => pattern.test(origin)) && origin !== ''
    ? origin
    : undefined
}

type Headers = Readonly<Record<string, string>>

const headersFor = (request: Request, rest: RestSettings | undefined, clock: Clock): Headers => ({
  ...corsHeaders(request, rest),
  ...ruledHeaders(rest?.headers ?? [], clock.now()),
})

/** Jetty's CrossOriginHandler. */
function corsHeaders(request: Request, rest: RestSettings | undefined): Headers {
  if (!rest?.cors) return {}
  const origin = allowedOrigin(request, rest)
  if (origin === undefined) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    ...(isPreflight(request) && {
      'access-control-allow-methods': rest.cors.methods.join(','),
      // Without it a page could not send a user's name and password.
      'access-control-allow-headers': rest.users ? 'Content-Type,Authorization' : 'Content-Type',
      'access-control-max-age': '60',
    }),
  }
}

function ruledHeaders(rules: readonly HeaderRule[], now: number): Headers {
  const headers: Record<string, string> = {}
  for (const { action, name, value } of rules) {
    const text = action.endsWith('date') ? new Date(now + Number(value)).toUTCString() : value
    const before = action.startsWith('add') ? headers[name] : undefined
    headers[name] = before === undefined ? text : `${before}, ${text}`
  }
  return headers
}

/** The answer's own headers win. */
function withHeaders(response: Response, added: Headers): Response {
  const own = Object.keys(response.headers).map((name) => name.toLowerCase())
  const others = Object.entries(added).filter(([name]) => !own.includes(name.toLowerCase()))
  return { ...response, headers: { ...Object.fromEntries(others), ...response.headers } }
}
