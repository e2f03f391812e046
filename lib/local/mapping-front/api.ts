/** The operations of Lambda's API on event source mappings. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../ports.ts'
import { checkedCreation, checkedText, checkedUpdate } from './checks.ts'
import type { FunctionPlace } from './functions.ts'
import type { MappingTable } from './mapping-table.ts'
import { EVENT_SOURCE_ARN, FUNCTION_NAME, MAX_ITEMS, UUID } from './model.ts'
import { invalid, notFound, Refusal } from './refusal.ts'
import {
  isPassing,
  type Lasting,
  type MappingConfig,
  type StoredMapping,
  shown,
} from './stored-mapping.ts'

export type Call = {
  readonly method: string
  /** what follows `…/event-source-mappings` in the path, without slashes */
  readonly uuid: string
  readonly query: URLSearchParams
  readonly body: unknown
}
export type Answer = { readonly status: number; readonly body: object }

/** Lambda gives no more on a page, whatever is asked for. */
const PAGE = 100

export function mappingApi(of: {
  readonly table: MappingTable
  readonly findFunction: (name: string) => Promise<FunctionPlace>
  readonly clock: Clock
}): (call: Call) => Promise<Answer> {
  const { table, findFunction, clock } = of
  const shownNow = (mapping: StoredMapping) => shown(mapping, table.resultOf(mapping.uuid))

  function existing(uuid: string): StoredMapping {
    const found = table.get(checkedText(uuid, UUID, 'uUID'))
    if (!found) throw notFound()
    return found
  }

  function settled(uuid: string, action: 'update' | 'delete'): StoredMapping {
    const found = existing(uuid)
    if (!isPassing(found)) return found
    throw new Refusal(
      'ResourceInUseException',
      `Cannot ${action} the event source mapping because it is in use.`,
    )
  }

  async function create({ body }: Call): Promise<Answer> {
    const config = checkedCreation(body, clock.now())
    const place = await findFunction(config.FunctionName)
    const uuid = randomUUID()
    const group = groupOf(config) ?? uuid
    const mapping = { uuid, function: place, config, group, next: lasting(config.Enabled ?? true) }
    refuseTwin(mapping, table.all())
    return { status: 202, body: shownNow(table.enter(mapping, 'Creating')) }
  }

  async function update({ uuid, body }: Call): Promise<Answer> {
    const named = checkedUpdate(body, settled(uuid, 'update')).FunctionName
    const place = await findFunction(named)
    // Another call may have come in between.
    const before = settled(uuid, 'update')
    const config = checkedUpdate(body, before)
    const next = lasting(config.Enabled ?? true)
    const mapping = { ...before, config, function: place, next }
    refuseTwin(mapping, table.all())
    const state = next === before.state ? 'Updating' : PASSING_TO[next]
    return { status: 202, body: shownNow(table.enter(mapping, state)) }
  }

  async function remove({ uuid }: Call): Promise<Answer> {
    const mapping = { ...settled(uuid, 'delete'), next: 'gone' as const }
    return { status: 202, body: shownNow(table.enter(mapping, 'Deleting')) }
  }

  async function get({ uuid }: Call): Promise<Answer> {
    return { status: 200, body: shownNow(existing(uuid)) }
  }

  async function list({ query }: Call): Promise<Answer> {
    const given = (name: string, shape: Parameters<typeof checkedText>[1]) => {
      const value = query.get(name)
      return value === null ? undefined : checkedText(value, shape, lowered(name))
    }
    const source = given('EventSourceArn', EVENT_SOURCE_ARN)
    const size = Math.min(PAGE, Number(given('MaxItems', MAX_ITEMS) ?? PAGE))
    const name = given('FunctionName', FUNCTION_NAME)
    const place = name === undefined ? undefined : await findFunction(name)
    const mine = table
      .all()
      .filter(({ config }) => source === undefined || config.EventSourceArn === source)
      .filter((one) => place === undefined || one.function.arn === place.arn)
    return { status: 200, body: page(mine, query.get('Marker'), size, shownNow) }
  }

  return async (call) => {
    const { method, uuid } = call
    const operation = uuid
      ? { GET: get, PUT: update, DELETE: remove }[method]
      : { GET: list, POST: create }[method]
    if (operation) return operation(call)
    throw new Refusal('UnknownOperationException', `${method} is no operation of this resource`)
  }
}

const PASSING_TO = { Enabled: 'Enabling', Disabled: 'Disabling' } as const

const lasting = (enabled: boolean): Lasting => (enabled ? 'Enabled' : 'Disabled')

const groupOf = (config: MappingConfig): string | undefined =>
  (config.AmazonManagedKafkaEventSourceConfig ?? config.SelfManagedKafkaEventSourceConfig)
    ?.ConsumerGroupId

/** Those that are being deleted count until they are gone. */
function refuseTwin(
  mapping: Pick<StoredMapping, 'uuid' | 'group' | 'config' | 'function'>,
  all: readonly StoredMapping[],
): void {
  const others = all.filter(({ uuid }) => uuid !== mapping.uuid)
  const twin = others.find((other) => feedsThe(other) === feedsThe(mapping))
  const taker = others.find(({ group }) => group === mapping.group)
  const update = ({ uuid }: StoredMapping) =>
    `already exists. Please update or delete the existing mapping with UUID ${uuid}`
  if (twin)
    throw new Refusal(
      'ResourceConflictException',
      `An event source mapping with event source ("${sourceOf(mapping.config)}"), function ("${mapping.function.arn}") and topics ("${mapping.config.Topics[0]}") ${update(twin)}`,
    )
  if (taker)
    throw new Refusal(
      'ResourceConflictException',
      `An event source mapping with consumer group ID ("${mapping.group}") ${update(taker)}`,
    )
}

const sourceOf = ({ EventSourceArn, SelfManagedEventSource }: MappingConfig): string =>
  EventSourceArn ?? SelfManagedEventSource?.Endpoints.KAFKA_BOOTSTRAP_SERVERS.join(',') ?? ''

const feedsThe = ({ config, function: place }: Pick<StoredMapping, 'config' | 'function'>) =>
  JSON.stringify([sourceOf(config), config.Topics[0], place.arn])

function page(
  mappings: readonly StoredMapping[],
  marker: string | null,
  size: number,
  show: (mapping: StoredMapping) => object,
): object {
  const text = marker === null ? '0' : Buffer.from(marker, 'base64url').toString()
  if (!/^\d{1,9}$/.test(text)) throw invalid(`Marker ${marker} is not one of an earlier page.`)
  const from = Number(text)
  const rest = mappings.slice(from)
  return {
    EventSourceMappings: rest.slice(0, size).map(show),
    ...(rest.length > size && {
      NextMarker: Buffer.from(String(from + size)).toString('base64url'),
    }),
  }
}

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
