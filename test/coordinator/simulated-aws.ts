/** Lambda's aliases and mappings and the Scheduler, as their API models have them: pages, states that last, refusals, limits of calls a second. Under the real adapters. */
import { type EventSourceMappingConfiguration, LambdaClient } from '@aws-sdk/client-lambda'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import type { Clock } from '../../lib/ports.ts'

export const SINK_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:connectless-dev-sink'
const GROUP = 'connectless-dev'

type Input = Record<string, unknown>
type Mapping = {
  readonly uuid: string
  readonly arn: string
  readonly topic: string
  readonly group: string
  readonly state: { now: string; next: string; at: number }
}

export type SimulatedAws = ReturnType<typeof simulatedAws>

export function simulatedAws(
  clock: Pick<Clock, 'monotonic'>,
  settings: {
    /** how long Creating, Enabling … last */
    readonly delayMs: () => number
    readonly lambdaPerSecond?: number
    readonly schedulerPerSecond?: number
    /** of mappings and of schedules */
    readonly quota?: () => number
  },
) {
  const aliases = new Map<string, string>()
  const mappings = new Map<string, Mapping>()
  const byArn = new Map<string, Set<string>>()
  const groups = new Map<string, string>()
  const schedules = new Map<string, string>()
  const byPrefix = new Map<string, Set<string>>()
  const calls: { readonly name: string; readonly at: number }[] = []
  const recent: Record<string, number[]> = { lambda: [], scheduler: [] }
  let [made, refused] = [0, 0]

  function countCall(service: 'lambda' | 'scheduler', name: string): void {
    const limit = settings[`${service}PerSecond`] ?? Number.POSITIVE_INFINITY
    const now = clock.monotonic()
    const within = (recent[service] ?? []).filter((at) => at > now - 1_000)
    recent[service] = within
    if (within.length >= limit) {
      refused++
      throw refusal(
        service === 'lambda' ? 'TooManyRequestsException' : 'ThrottlingException',
        429,
        'Rate exceeded',
      )
    }
    within.push(now)
    calls.push({ name, at: now })
  }

  /** As it is by now; undefined once it is gone. */
  function settled(uuid: string): Mapping | undefined {
    const found = mappings.get(uuid)
    if (!found || found.state.at > clock.monotonic()) return found
    if (found.state.next === 'gone') {
      mappings.delete(uuid)
      byArn.get(found.arn)?.delete(uuid)
      groups.delete(found.group)
      return undefined
    }
    found.state.now = found.state.next
    return found
  }

  function go(mapping: Mapping, now: string, next: string): object {
    Object.assign(mapping.state, { now, next, at: clock.monotonic() + settings.delayMs() })
    return shown(mapping)
  }

  const shown = ({ uuid, arn, topic, group, state }: Mapping): EventSourceMappingConfiguration => ({
    UUID: uuid,
    FunctionArn: arn,
    Topics: [topic],
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
    State: state.now,
    LastProcessingResult: 'OK',
  })

  function inRest(uuid: unknown): Mapping {
    const found = settled(String(uuid))
    if (!found) throw refusal('ResourceNotFoundException', 404, 'no such mapping')
    if (found.state.now !== 'Enabled' && found.state.now !== 'Disabled')
      throw refusal('ResourceInUseException', 400, `it is ${found.state.now}`)
    return found
  }

  const isAlias = (arn: string) => aliases.has(arn.slice(SINK_ARN.length + 1))

  const lambda: Readonly<Record<string, (input: Input) => object>> = {
    CreateAlias({ Name, Description }) {
      if (aliases.has(String(Name)))
        throw refusal('ResourceConflictException', 409, 'Alias already exists')
      aliases.set(String(Name), String(Description))
      return {}
    },
    DeleteAlias({ Name }) {
      if (!aliases.delete(String(Name)))
        throw refusal('ResourceNotFoundException', 404, 'no such alias')
      return {}
    },
    ListAliases({ Marker }) {
      const [items, NextMarker] = paged([...aliases], Marker, 50)
      return { Aliases: items.map(([Name, Description]) => ({ Name, Description })), NextMarker }
    },
    CreateEventSourceMapping(input) {
      const arn = String(input.FunctionName)
      const topic = String((input.Topics as string[])[0]) // as the adapter sends it
      const group = String((input.SelfManagedKafkaEventSourceConfig as Input).ConsumerGroupId)
      if (!isAlias(arn)) throw refusal('ResourceNotFoundException', 404, 'Function not found')
      const holder = groups.get(group)
      if (holder !== undefined && settled(holder))
        throw refusal('ResourceConflictException', 409, 'An event source mapping with it exists')
      if (mappings.size >= (settings.quota?.() ?? Number.POSITIVE_INFINITY))
        throw refusal('ServiceQuotaExceededException', 402, 'Too many event source mappings')
      const uuid = `uuid-${++made}`
      const mapping = { uuid, arn, topic, group, state: { now: '', next: '', at: 0 } }
      mappings.set(uuid, mapping)
      groups.set(group, uuid)
      byArn.set(arn, (byArn.get(arn) ?? new Set()).add(uuid))
      return go(mapping, 'Creating', input.Enabled ? 'Enabled' : 'Disabled')
    },
    UpdateEventSourceMapping({ UUID, Enabled }) {
      const found = inRest(UUID)
      return Enabled ? go(found, 'Enabling', 'Enabled') : go(found, 'Disabling', 'Disabled')
    },
    DeleteEventSourceMapping: ({ UUID }) => go(inRest(UUID), 'Deleting', 'gone'),
    ListEventSourceMappings({ FunctionName, Marker }) {
      if (FunctionName && !isAlias(String(FunctionName)))
        throw refusal('ResourceNotFoundException', 404, 'Function not found')
      const uuids = FunctionName ? (byArn.get(String(FunctionName)) ?? []) : mappings.keys()
      const [items, NextMarker] = paged([...uuids], Marker, 100)
      const found = items.map(settled).filter((one) => one !== undefined)
      return { EventSourceMappings: found.map(shown), NextMarker }
    },
  }

  const scheduler: Readonly<Record<string, (input: Input) => object>> = {
    CreateSchedule({ Name, Target }) {
      const name = String(Name)
      if (schedules.has(name)) throw refusal('ConflictException', 409, 'Schedule already exists')
      if (schedules.size >= (settings.quota?.() ?? Number.POSITIVE_INFINITY))
        throw refusal('ServiceQuotaExceededException', 402, 'Too many schedules')
      schedules.set(name, String((Target as Input).Input))
      const prefix = prefixOf(name)
      byPrefix.set(prefix, (byPrefix.get(prefix) ?? new Set()).add(name))
      return {}
    },
    DeleteSchedule({ Name }) {
      const name = String(Name)
      if (!schedules.delete(name)) throw refusal('ResourceNotFoundException', 404, 'none')
      byPrefix.get(prefixOf(name))?.delete(name)
      return {}
    },
    GetSchedule({ Name }) {
      const found = schedules.get(String(Name))
      if (found === undefined) throw refusal('ResourceNotFoundException', 404, 'none')
      return { Name, Target: { Input: found } }
    },
    ListSchedules({ NamePrefix, NextToken: token }) {
      const names = NamePrefix ? (byPrefix.get(String(NamePrefix)) ?? []) : schedules.keys()
      const [items, NextToken] = paged([...names], token, 100)
      return { Schedules: items.map((Name) => ({ Name })), NextToken }
    },
  }

  /** Before and after each call something may happen: another coordinator's turn, a crash. */
  type Around = <T>(name: string, call: () => T) => Promise<T>
  const alone: Around = async (_, call) => call()

  /** Clients of one process. */
  function clients(around: Around = alone) {
    // Of the clients' classes, as the paginators ask for, and without what it takes to reach a network: what they send is answered here.
    const lambdaClient: LambdaClient = Object.create(LambdaClient.prototype)
    const schedulerClient: SchedulerClient = Object.create(SchedulerClient.prototype)
    const answering =
      (service: 'lambda' | 'scheduler', operations: typeof lambda) =>
      async (command: {
        readonly input: Input
        readonly constructor: { readonly name: string }
      }) => {
        const name = command.constructor.name.replace(/Command$/, '')
        const operation = operations[name]
        if (!operation) throw new Error(`${name} is not simulated`)
        return around(name, () => {
          countCall(service, name)
          return operation(command.input)
        })
      }
    lambdaClient.send = answering('lambda', lambda) as LambdaClient['send']
    schedulerClient.send = answering('scheduler', scheduler) as SchedulerClient['send']
    return { lambda: lambdaClient, scheduler: schedulerClient }
  }

  return {
    clients,
    calls,
    /** how many calls were too many in their second */
    refused: () => refused,
    aliases,
    schedules,
    /** Of connector and topic, those that are gone left out. */
    mappings: () =>
      [...mappings.keys()].flatMap((uuid) => {
        const found = settled(uuid)
        const connector = found && aliases.get(found.arn.slice(SINK_ARN.length + 1))
        return found ? [{ ...shown(found), connector }] : []
      }),
    mappingSettings: {
      sinkArn: SINK_ARN,
      cluster: { bootstrapServers: ['kafka:9092'] },
      access: [],
    },
    scheduleSettings: { stage: 'dev', group: GROUP, targetArn: 'arn:source', roleArn: 'arn:role' },
  }
}

const prefixOf = (schedule: string): string => schedule.replace(/\d+$/, '')

function paged<T>(all: readonly T[], marker: unknown, size: number): [T[], string | undefined] {
  const from = Number(marker ?? 0)
  return [all.slice(from, from + size), from + size < all.length ? String(from + size) : undefined]
}

const refusal = (name: string, httpStatusCode: number, message: string): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } })
