/** Clients of two processes that share one file, and of two that share a DynamoDB table: never two winners, never half a connector, nothing left. */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { openServers, until } from '../../infra/bench/servers.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { dynamodbRows } from '../../lib/store/dynamodb-rows.ts'
import { connectorPk, historyPk, LIST_PKS } from '../../lib/store/keys.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { coordinatedWorld } from '../coordinator/world.ts'
import { dynamodbTable } from '../store/dynamodb-table.ts'
import { ask } from './rest-client.ts'
import { type Ask, runDuels, runStorm, stormSettings, type Target } from './storm.ts'

const SETTLED_WITHIN_MS = 60_000

/** Nobody else is there any more, so a DELETE that was told of a race is sent again. */
async function deleteAll(ask: Ask, names: readonly string[]): Promise<void> {
  for (const name of names)
    await until(
      async () => (await ask(0, 'DELETE', `/connectors/${name}`)).status === 404,
      50,
      5_000,
    )
}

test('two processes that share a file', async (t) => {
  const { seed, durationMs } = stormSettings()
  t.diagnostic(`STORM_SEED=${seed} STORM_SECONDS=${durationMs / 1_000}`)
  const servers = await openServers()
  try {
    const tables = ['a', 'b'].map((table) => `${servers.name}_${table}`)
    for (const table of tables) await servers.table(table, 50)
    const workers = [await servers.connectless(), await servers.connectless()]
    const asked: Ask = (worker, ...request) =>
      ask(workers[worker % workers.length]?.url ?? '', ...request)
    const source = (name: string): Target => ({
      name,
      configOf: (variant) => ({
        ...servers.sourceConfig(tables.slice(0, 1 + (variant % 2)).join(',')),
        'tasks.max': String(1 + variant),
      }),
    })
    const sink: Target = {
      name: `${servers.name}_sink`,
      configOf: (variant) => ({
        'connector.class': 'FileStreamSink',
        'tasks.max': '2',
        topics: tables.slice(0, 1 + (variant % 2)).join(','),
        file: `.stack/bench/${servers.name}.out`,
      }),
    }
    const targets = [source(`${servers.name}_source`), sink]
    const duel = source(`${servers.name}_duel`)
    const names = [...targets, duel].map(({ name }) => name)

    const [counts, duels] = await Promise.all([
      runStorm({ ask: asked, targets, seed, durationMs }),
      runDuels({ ask: asked, durationMs }, duel),
    ])
    t.diagnostic(JSON.stringify(Object.fromEntries([...counts].sort())))
    t.diagnostic(`${duels} duels`)

    await deleteAll(asked, names)
    const left = async () => ({
      rows: rowsOf(`.stack/bench/${servers.name}.db`),
      connections: await connectionsTo(servers.sql, servers.database),
      members: await membersOf(servers.admin, servers.name),
    })
    const nothing = { rows: [], connections: 1, members: [] }
    const begunAt = performance.now()
    await until(
      async () => JSON.stringify(await left()) === JSON.stringify(nothing),
      250,
      SETTLED_WITHIN_MS,
    ).catch(() => undefined)
    t.diagnostic(`all was cleared away after ${Math.round(performance.now() - begunAt)} ms`)
    assert.deepEqual(await left(), nothing)
    assert.ok((counts.get('POST 201') ?? 0) > 0 && duels > 0)
  } finally {
    await servers.close()
  }
})

/** Of connectors, histories and lists; what outlives a connector is elsewhere. */
function rowsOf(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    const rows = db.prepare('SELECT pk, sk FROM rows').all()
    return rows
      .map(({ pk, sk }) => `${pk} ${sk}`)
      .filter((row) => /^(connector|history|list)#/.test(row))
  } finally {
    db.close()
  }
}

type Servers = Awaited<ReturnType<typeof openServers>>

async function connectionsTo(sql: Servers['sql'], database: string): Promise<number> {
  const [rows] = await sql.query('SELECT id FROM information_schema.processlist WHERE db = ?', [
    database,
  ])
  return Array.isArray(rows) ? rows.length : 0
}

async function membersOf(admin: Servers['admin'], name: string): Promise<string[]> {
  const { groups } = await admin.listGroups()
  const own = groups.map(({ groupId }) => groupId).filter((group) => group.includes(name))
  if (own.length === 0) return []
  const described = await admin.describeGroups(own)
  return described.groups.flatMap(({ groupId, members }) => members.map(() => groupId))
}

/** A call that is given up is one of which nobody knows whether it took place; here each is waited for. */
const patientClient = (): DynamoDBClient =>
  new DynamoDBClient({
    endpoint: addresses().aws.endpoint,
    requestHandler: { connectionTimeout: 20_000, requestTimeout: 60_000 },
  })

test('two coordinators and APIs that share a DynamoDB table', async (t) => {
  const { seed, durationMs } = stormSettings()
  t.diagnostic(`STORM_SEED=${seed} STORM_SECONDS=${durationMs / 1_000}`)
  const table = dynamodbTable()
  await table.create()
  const rows = dynamodbRows(patientClient(), table.name)
  const worlds = [0, 1].map(() =>
    coordinatedWorld({ ...storesOver(rows, systemClock), clock: systemClock }),
  )
  const ticking = new AbortController()
  const ticks = worlds.map(async (world) => {
    while (!ticking.signal.aborted) await world.pass(1)
  })
  try {
    const asked: Ask = async (worker, method, path, body) => {
      const { status, json } = (await worlds[worker % 2]?.send(method, path, body)) ?? {}
      return { status: status ?? 0, text: json === undefined ? '' : JSON.stringify(json) }
    }
    const source = (name: string): Target => ({
      name,
      configOf: (variant) => ({
        'connector.class': 'test.TableSourceConnector',
        'tasks.max': String(1 + variant),
        tables: 'a,b,c',
      }),
    })
    const sink: Target = {
      name: 'sink',
      configOf: (variant) => ({
        'connector.class': 'test.QuietSinkConnector',
        topics: ['x', 'y', 'z'].slice(variant).join(','),
        'tasks.max': '2',
      }),
    }
    const targets = [source('source'), sink]

    const [counts, duels] = await Promise.all([
      runStorm({ ask: asked, targets, seed, durationMs }),
      runDuels({ ask: asked, durationMs }, source('duel')),
    ])
    t.diagnostic(JSON.stringify(Object.fromEntries([...counts].sort())))
    t.diagnostic(`${duels} duels`)

    const names = ['source', 'sink', 'duel']
    await deleteAll(asked, names)
    const left = async () => ({
      rows: await keysOf(names),
      schedules: worlds.flatMap(({ schedules }) => [...schedules.keys()]),
      mappings: worlds.flatMap(({ mappings }) => [...mappings.connectors()]),
      polled: worlds.flatMap(({ polled }) => [...polled]),
      running: worlds.map((world) => world.sourcesRunning()),
    })
    const nothing = { rows: [], schedules: [], mappings: [], polled: [], running: [0, 0] }
    const begunAt = performance.now()
    await until(
      async () => JSON.stringify(await left()) === JSON.stringify(nothing),
      250,
      SETTLED_WITHIN_MS,
    ).catch(() => undefined)
    t.diagnostic(`all was cleared away after ${Math.round(performance.now() - begunAt)} ms`)
    assert.deepEqual(await left(), nothing)
    assert.deepEqual(
      worlds.flatMap(({ errors }) => errors),
      [],
    )
  } finally {
    ticking.abort()
    await Promise.all(ticks)
    await Promise.all(worlds.map((world) => world.close()))
    await table.remove()
  }

  async function keysOf(names: readonly string[]): Promise<string[]> {
    const pks = [...names.flatMap((name) => [connectorPk(name), historyPk(name)]), ...LIST_PKS]
    const all = await Promise.all(pks.map((pk) => rows.query(pk, '')))
    return all.flat().map(({ pk, sk }) => `${pk} ${sk}`)
  }
})
