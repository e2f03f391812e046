import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type {
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration,
} from '@aws-sdk/client-lambda'

const PATH = '/2015-03-31/event-source-mappings/'

type Answer = { readonly status: number; readonly body: object; readonly error?: string }

/**
 * Lambda's API with working Kafka event source mappings, which no emulator has: they are kept here, and go from one state to the next when
 * `settle` is called; every other request goes on to the emulator. Shapes and refusals are those of Lambda's API model.
 */
export async function mappingService(emulator: string) {
  const mappings = new Map<string, EventSourceMappingConfiguration>()
  const requests: string[] = []

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', emulator)
    requests.push(`${request.method} ${pathname}`)
    if (!pathname.startsWith(PATH.slice(0, -1))) return passOn(emulator, request, response)
    const uuid = pathname.slice(PATH.length)
    const { status, body, error } = answerTo(
      request.method ?? '',
      uuid,
      searchParams,
      await bodyOf(request),
    )
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(error && { 'x-amzn-errortype': error }),
    })
    response.end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP

  function answerTo(
    method: string,
    uuid: string,
    query: URLSearchParams,
    body: CreateEventSourceMappingRequest,
  ): Answer {
    if (method === 'GET') return page([...mappings.values()], query)
    if (method === 'POST') return create(body)
    const found = mappings.get(uuid)
    if (!found) return refusal(404, 'ResourceNotFoundException')
    if (found.State !== 'Enabled' && found.State !== 'Disabled')
      return refusal(400, 'ResourceInUseException')
    const State = method === 'DELETE' ? 'Deleting' : body.Enabled ? 'Enabling' : 'Disabling'
    return keep(202, { ...found, State })
  }

  function create(body: CreateEventSourceMappingRequest): Answer {
    const group = body.SelfManagedKafkaEventSourceConfig?.ConsumerGroupId
    const groups = [...mappings.values()].map(
      (one) => one.SelfManagedKafkaEventSourceConfig?.ConsumerGroupId,
    )
    if (groups.includes(group)) return refusal(409, 'ResourceConflictException')
    const { Enabled, FunctionName, ...rest } = body
    return keep(202, {
      ...rest,
      UUID: randomUUID(),
      FunctionArn: FunctionName,
      State: 'Creating',
      StateTransitionReason: Enabled ? 'enabled' : 'disabled',
    } as EventSourceMappingConfiguration) // StartingPositionTimestamp, a Date in the one type, is not used here
  }

  function keep(status: number, mapping: EventSourceMappingConfiguration): Answer {
    mappings.set(mapping.UUID ?? '', mapping)
    return { status, body: mapping }
  }

  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    settle() {
      for (const [uuid, mapping] of mappings) {
        if (mapping.State === 'Deleting') mappings.delete(uuid)
        else mappings.set(uuid, { ...mapping, State: settled(mapping) })
      }
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function settled({ State, StateTransitionReason }: EventSourceMappingConfiguration): string {
  if (State === 'Creating') return StateTransitionReason === 'enabled' ? 'Enabled' : 'Disabled'
  return State === 'Enabling' || State === 'Enabled' ? 'Enabled' : 'Disabled'
}

/** Two a page, so that every test with three reads pages. */
function page(all: readonly EventSourceMappingConfiguration[], query: URLSearchParams): Answer {
  const name = query.get('FunctionName')
  const mine = all.filter(({ FunctionArn }) => name === null || FunctionArn === name)
  const from = Number(query.get('Marker') ?? 0)
  const body = {
    EventSourceMappings: mine.slice(from, from + 2),
    ...(from + 2 < mine.length && { NextMarker: String(from + 2) }),
  }
  return { status: 200, body }
}

const refusal = (status: number, error: string): Answer => ({
  status,
  error,
  body: { Message: 'refused' },
})

const bodyOf = async (request: IncomingMessage): Promise<CreateEventSourceMappingRequest> =>
  // Its own client sent it.
  (request.method === 'POST' || request.method === 'PUT'
    ? await json(request)
    : {}) as CreateEventSourceMappingRequest

function passOn(emulator: string, request: IncomingMessage, response: ServerResponse): void {
  const onward = forward(new URL(request.url ?? '', emulator), {
    method: request.method,
    headers: request.headers,
  })
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.writeHead(502).end())
  request.pipe(onward)
}
