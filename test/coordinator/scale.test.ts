/** 10,000 connectors with 30,000 tasks: real stores over SQLite in memory, the real adapters over a simulated AWS, time that passes by sleeping. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda'
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler'
import { ensureAlias } from '../../lib/cloud/lambda-aliases.ts'
import { mappingRequest } from '../../lib/cloud/mapping-request.ts'
import { scheduleRequest } from '../../lib/cloud/scheduler-schedules.ts'
import { groupOf, topicsOf } from '../../lib/config/consumer-groups.ts'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import { hourlyAudit } from '../../lib/coordinator/hourly-audit.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { Ports } from '../../lib/ports.ts'
import { connectorPk, historyPk, listKey, MIRRORS_PK } from '../../lib/store/keys.ts'
import type { Row, Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { portsForTest, tickingClock } from '../runtime/ports-for-test.ts'
import { cloudPorts, idlePlugins, randomFrom } from './cloud-ports.ts'
import { simulatedAws } from './simulated-aws.ts'

const EACH = 5_000
const TASKS = 3
/** What a second of Lambda's control plane takes in an account. */
const LAMBDA_PER_SECOND = 15
const CPU_MS = 10_000
const NUDGE_MS = 2_000
const MINUTE_MS = 60_000

const clock = tickingClock()
const limits = { delayMs: () => 10_000, lambdaPerSecond: Number.POSITIVE_INFINITY }
const aws = simulatedAws(clock, limits)
const rows = sqliteRows(':memory:')
after(() => rows.close())

const CONFIGS = {
  source: { 'connector.class': 'test.Source', tables: 'a,b,c', 'tasks.max': String(TASKS) },
  sink: { 'connector.class': 'test.Sink', topics: 'ta,tb,tc', 'tasks.max': String(TASKS) },
}
const nameOf = (kind: keyof typeof CONFIGS, at: number) => `${kind}-${String(at).padStart(5, '0')}`

const woken: object[] = []
function portsOver(given: Rows): Ports {
  const wake = async (event: object) => void woken.push(event)
  return {
    ...portsForTest({ clock, rows: given }),
    ...cloudPorts(aws, clock, { random: randomFrom(1) }),
    invoker: { source: wake, sink: wake, coordinator: wake },
  }
}

/** The first of each kind is made by the coordinator; the rows of the others are as its are. */
async function fill(): Promise<void> {
  const stores = storesOver(rows, clock)
  for (const kind of ['source', 'sink'] as const) {
    const first = nameOf(kind, 0)
    await stores.configs.put(rowNamed(first, CONFIGS[kind]), undefined)
    await coordinate({ connector: first }, portsOver(rows), idlePlugins)
    for (let task = 0; task < TASKS; task++) await runs(stores, first, task)
    // Its mappings are seen, and its groups mirrored.
    await clock.sleep(limits.delayMs())
    await coordinate({ connector: first }, portsOver(rows), idlePlugins)
    const all = await rowsOf(first)
    for (let at = 1; at < EACH; at++) {
      const name = nameOf(kind, at)
      const renamed: Row[] = JSON.parse(JSON.stringify(all).replaceAll(first, name))
      const { pk } = listKey(name)
      await rows.putAll(renamed.map((row) => (row.pk.startsWith('list#') ? { ...row, pk } : row)))
    }
  }
  await fillAws()
  await clock.sleep(limits.delayMs())
  await coordinate({}, portsOver(rows), idlePlugins)
  limits.lambdaPerSecond = LAMBDA_PER_SECOND
  woken.length = 0
}

const rowNamed = (name: string, config: object) => ({
  name,
  config: { name, ...config },
  targetState: 'RUNNING' as const,
  version: 1,
  restarts: { connector: 0, tasks: {} },
  deleted: false,
})

async function runs(stores: ReturnType<typeof storesOver>, name: string, task: number) {
  const tasks = await stores.tasks.generation(name)
  await stores.statuses.write(name, task, {
    state: 'RUNNING',
    workerId: 'w',
    version: '1',
    since: clock.now(),
    generation: tasks?.generation ?? 0,
    restart: 0,
  })
}

/** The connector's own, its history and its name in the list. */
async function rowsOf(name: string): Promise<Row[]> {
  const pks = [connectorPk(name), historyPk(name)]
  const own = await Promise.all(pks.map((pk) => rows.query(pk, '')))
  const lists = [listKey(name).pk, MIRRORS_PK]
  const listed = await Promise.all(lists.map((pk) => rows.query(pk, name)))
  return [...own, ...listed].flat()
}

async function fillAws(): Promise<void> {
  const clients = aws.clients()
  const { mappingSettings, scheduleSettings } = aws
  for (let at = 1; at < EACH; at++) {
    const source = nameOf('source', at)
    for (let task = 0; task < TASKS; task++)
      await clients.scheduler.send(
        new CreateScheduleCommand(scheduleRequest(scheduleSettings, { connector: source, task })),
      )
    const connector = nameOf('sink', at)
    await ensureAlias(clients.lambda, mappingSettings, connector)
    const topics = topicsOf(CONFIGS.sink)
    for (const topic of topics) {
      const group = groupOf(connector, topics, topic)
      const request = mappingRequest(mappingSettings, { connector, topic, group, enabled: true })
      await clients.lambda.send(new CreateEventSourceMappingCommand(request))
    }
  }
}

function counted() {
  const counts: Record<string, number> = {}
  const calls = (
    ['get', 'query', 'sortKeys', 'transact', 'update', 'putAll', 'removeAll'] as const
  ).map((name) => {
    const call = rows[name] as (...given: unknown[]) => Promise<unknown> // only handed on
    const countedCall = (...given: unknown[]) => {
      counts[name] = (counts[name] ?? 0) + 1
      return call(...given)
    }
    return [name, countedCall] as const
  })
  return { counts, rows: Object.fromEntries(calls) as unknown as Rows }
}

/** To a minute of the hour; the tests come in the order of the hour. */
const untilMinute = async (minute: number): Promise<void> => {
  const now = clock.now()
  const hour = Math.floor(now / 3_600_000) * 3_600_000
  const at = hour + minute * MINUTE_MS
  await clock.sleep((at > now ? at : at + 3_600_000) - now)
}

const mostInASecond = (calls: readonly { readonly at: number }[]): number => {
  let [most, from] = [0, 0]
  for (const [to, { at }] of calls.entries()) {
    while (at - (calls[from]?.at ?? 0) >= 1_000) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

const SHARDS = 16
const filled = fill()

test(`a tick without changes reads two indexes and each audited connector once, writes nothing and takes less than ${CPU_MS} ms of a core`, async (t) => {
  await filled
  await untilMinute(5)
  const { counts, rows: countedRows } = counted()
  const ports = portsOver(countedRows)
  const audited = await hourlyAudit(clock)(() => ports.configs.listAll())
  for (const name of Object.keys(counts)) delete counts[name]
  aws.calls.length = 0
  const startedAt = clock.monotonic()
  const cpu = process.cpuUsage()

  await coordinate({}, ports, idlePlugins)

  const { user, system } = process.cpuUsage(cpu)
  const cpuMs = (user + system) / 1_000
  t.diagnostic(
    `${2 * EACH} connectors, ${2 * EACH * TASKS} tasks: ${JSON.stringify(counts)}, ${aws.calls.length} calls of AWS, ${cpuMs.toFixed(0)} ms of CPU, ${clock.monotonic() - startedAt} ms by the clock`,
  )
  assert.deepEqual(counts, { sortKeys: SHARDS, query: SHARDS + audited.length })
  assert.ok(audited.length > 100 && audited.length < 250, `${audited.length} audited`)
  assert.deepEqual(woken, [])
  const names = new Set(aws.calls.map(({ name }) => name))
  assert.deepEqual([...names].sort(), ['ListEventSourceMappings', 'ListSchedules'])
  assert.equal(aws.calls.length, audited.length)
  assert.ok(mostInASecond(aws.calls.filter(isLambda)) < LAMBDA_PER_SECOND)
  assert.ok(cpuMs < CPU_MS)
  assert.ok(clock.monotonic() - startedAt < MINUTE_MS)
})

test(`a nudge reaches the cloud within ${NUDGE_MS} ms while all mappings are being listed, and no call is one too many`, async (t) => {
  await filled
  await untilMinute(40)
  aws.calls.length = 0
  const ports = portsOver(rows)
  const startedAt = clock.monotonic()
  const ticked = coordinate({}, ports, idlePlugins).then(() => clock.monotonic() - startedAt)
  await clock.sleep(3_000)
  const before = aws.calls.length
  const row = await ports.configs.get(nameOf('sink', 77))
  assert.ok(row)

  await ports.configs.put({ ...row, targetState: 'PAUSED' }, row.revision)
  const nudgedAt = clock.monotonic()
  await coordinate({ connector: row.name }, ports, idlePlugins)
  const doneMs = clock.monotonic() - nudgedAt
  const changes = aws.calls.slice(before).filter(({ name }) => name.startsWith('Update'))
  const firstMs = (changes[0]?.at ?? Number.POSITIVE_INFINITY) - nudgedAt
  const tickMs = await ticked

  const lambdaCalls = aws.calls.filter(isLambda)
  const most = mostInASecond(lambdaCalls)
  t.diagnostic(
    `the first change after ${firstMs} ms, all ${changes.length} after ${doneMs} ms; the tick made ${aws.calls.length} calls in ${tickMs} ms, ${most} in the busiest second`,
  )
  assert.equal(changes.length, TASKS)
  assert.ok(firstMs < NUDGE_MS)
  assert.ok(tickMs > doneMs + 3_000, 'the tick was still under way')
  assert.ok(most < LAMBDA_PER_SECOND)
  assert.equal(aws.refused(), 0)
})

test('what is left of a connector that nobody knows is found and removed once an hour', async () => {
  await filled
  const { schedules, mappings } = portsOver(rows)
  const connector = 'long gone'
  await schedules.ensure({ connector, task: 2 })
  await mappings.ensure({ connector, topic: 'tt', group: 'connect-long-gone', enabled: true })
  const kinds = () => [
    [...aws.schedules.keys()].filter((name) => name.includes('long-gone')).length,
    aws.mappings().filter((one) => one.connector === connector).length,
    [...aws.aliases.values()].filter((name) => name === connector).length,
  ]
  assert.deepEqual(kinds(), [1, 1, 1])

  for (const minute of [20, 21, 40, 41]) {
    await untilMinute(minute)
    await coordinate({}, portsOver(rows), idlePlugins)
  }

  assert.deepEqual(kinds(), [0, 0, 0])
  assert.equal(await portsOver(rows).changes.get(connector), undefined)
})

const isLambda = ({ name }: { readonly name: string }): boolean => !name.includes('Schedule')
