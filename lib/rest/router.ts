import { messageOf } from '../errors.ts'
import type { Worker } from '../ports.ts'
import { errorAnswer, failure, frameworkError, isExpected } from './answers.ts'
import type { Answer, Api, Call, Request, Response, Route } from './http.ts'
import { jsonText } from './json-text.ts'
import { hasMetrics } from './metrics.ts'
import { isInt32, matchPath, segmentsOf } from './path.ts'
import { ADMIN_ROUTES, METRICS_ROUTE, ROUTES } from './routes.ts'

/** Answers every request; it never throws. */
export async function handleRequest(request: Request, api: Api): Promise<Response> {
  const { clock, log } = api.ports
  const beganAt = clock.monotonic()
  const response = await respond(request, api)
  log.debug?.(`${request.method} ${request.path} ${response.status}`, {
    bytes: response.body.length,
    ms: Math.round(clock.monotonic() - beganAt),
  })
  return response
}

async function respond(request: Request, api: Api): Promise<Response> {
  const segments = segmentsOf(request.path)
  if ('ambiguous' in segments) return refusedPath(segments.ambiguous)
  const matches = matchesOf(segments, api)
  if (request.method === 'OPTIONS' && matches.length > 0) return options(request, matches)
  return responseTo(request, await answerTo(request, matches, api))
}

type Match = { readonly route: Route; readonly params: Call<string>['params'] }

const matchesOf = (segments: readonly string[], api: Api): Match[] =>
  routesOf(api).flatMap((route) => {
    const params = matchPath(route.path, segments)
    return params ? [{ route, params }] : []
  })

function routesOf(api: Api): readonly Route[] {
  const routes = ROUTES_BY_ADMIN[api.ports.worker.admin ?? 'beside']
  return hasMetrics(api) ? [...routes, METRICS_ROUTE] : routes
}

const ROUTES_BY_ADMIN = {
  only: ADMIN_ROUTES,
  none: ROUTES,
  beside: [...ROUTES, ...ADMIN_ROUTES],
} as const satisfies Record<'beside' | NonNullable<Worker['admin']>, readonly Route[]>

/** What of a path must be a number. */
const NUMBERS = ['task', 'version'] as const

async function answerTo(request: Request, matches: readonly Match[], api: Api): Promise<Answer> {
  if (matches.length === 0) return frameworkError(404, 'Not Found')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const match = matches.find(({ route }) => route.method === method)
  if (!match) return frameworkError(405, 'Method Not Allowed')
  if (!sendsJson(request)) return frameworkError(415, 'Unsupported Media Type')
  if (match.route !== METRICS_ROUTE && !accepts('application/json', request.headers))
    return frameworkError(406, 'Not Acceptable')
  // The resource is there, its number is none.
  if (NUMBERS.some((name) => name in match.params && !isInt32(match.params[name] ?? '')))
    return errorAnswer(404, 'HTTP 404 Not Found')
  try {
    const query = new URLSearchParams(request.query)
    return await match.route.answer({ api, request, query, params: match.params })
  } catch (error) {
    if (!isExpected(error))
      api.ports.log.error(`${request.method} ${match.route.path} failed: ${messageOf(error)}`, {
        ...match.params,
        error,
      })
    return failure(error)
  }
}

/** A request without a body needs no Content-Type; that of an empty one does not matter. */
function sendsJson({ method, headers, body }: Request): boolean {
  const type = headers['content-type'] ?? ''
  return !body || !/^(POST|PUT|PATCH)$/.test(method) || /^\s*application\/json\s*(;|$)/i.test(type)
}

const rangesOf = ({ accept = '*/*' }: Request['headers']): string[] =>
  accept.split(',').map((range) => range.trim().toLowerCase())

function accepts(type: string, headers: Request['headers']): boolean {
  const admitting = ['*/*', type.replace(/\/.*/, '/*'), type]
  return rangesOf(headers).some(
    (range) =>
      admitting.includes(range.replace(/\s*;.*/, '')) && !/;\s*q=0(\.0*)?\s*(;|$)/.test(range),
  )
}

// The order is that of Kafka Connect's answers: a HashSet's.
const METHODS = ['HEAD', 'DELETE', 'POST', 'GET', 'OPTIONS', 'PUT', 'PATCH']

function allowed(matches: readonly Match[]): string {
  const methods = new Set<string>(['OPTIONS', ...matches.map(({ route }) => route.method)])
  if (methods.has('GET')) methods.add('HEAD')
  return METHODS.filter((method) => methods.has(method)).join(', ')
}

/** The methods as text, for who reads text. */
function options({ headers }: Request, matches: readonly Match[]): Response {
  const allow = allowed(matches)
  const isText = accepts('text/plain', headers)
  const [wanted = ''] = rangesOf(headers)
  const type = isText ? 'text/plain' : wanted.replace(/\s*;.*/, '')
  return { status: 200, headers: { 'content-type': type, allow }, body: isText ? allow : '' }
}

/** Lambda's limit of an answer, which is itself JSON with this body as one of its texts. */
const MAX_ANSWER_BYTES = 6_000_000

export function responseTo(
  request: Request,
  { status, json, text, isUntyped, headers = {} }: Answer,
): Response {
  if (json === undefined && text === undefined) return { status, headers, body: '' }
  const body = text ?? jsonText(json)
  const bytes = body.length > MAX_ANSWER_BYTES / 8 ? Buffer.byteLength(JSON.stringify(body)) : 0
  if (bytes > MAX_ANSWER_BYTES)
    return responseTo(
      request,
      errorAnswer(
        500,
        `The answer would take ${bytes} bytes, more than the ${MAX_ANSWER_BYTES} there is room for`,
      ),
    )
  return {
    status,
    headers: { ...(isUntyped ? {} : { 'content-type': 'application/json' }), ...headers },
    body: request.method === 'HEAD' ? '' : body,
  }
}

/** Kafka Connect's HTTP server refuses such a path itself, in HTML. */
const refusedPath = (reason: string): Response => ({
  status: 400,
  headers: { 'content-type': 'text/html;charset=iso-8859-1' },
  body: `<html>\n<head><title>Error 400 ${reason}</title></head>\n<body><h2>HTTP ERROR 400 ${reason}</h2></body>\n</html>\n`,
})
