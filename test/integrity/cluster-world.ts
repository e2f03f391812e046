import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type BenchServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { beginInserts } from './inserts.ts'
import { ask, statusOf } from './rest-client.ts'
import { idOf, topicContent } from './topic-content.ts'
import { beginVersions } from './versions.ts'

/** One task as the REST API shows it. */
export type ShownTask = {
  readonly kind: 'source' | 'sink'
  readonly connector: string
  readonly task: number
  readonly state: string
  readonly worker: string
}

/** Tasks of each source connector, one table a task, and of each sink connector, which share the topics of these tables. */
export type Size = { readonly sources: readonly number[]; readonly sinks: readonly number[] }

const sum = (counts: readonly number[]) => counts.reduce((one, other) => one + other, 0)

const REDIS_DATABASE = 9
const ROWS = { rowsAtOnce: 20, everyMs: 40 }

/** The work of a cluster on real servers: tables that grow, their topics in Redis, and keys whose values are replaced again and again. */
export type ClusterWorld = {
  /** of all connectors */
  readonly names: readonly string[]
  readonly sourceTasks: number
  readonly tasks: number
  /** Makes all connectors. */
  create(url: string): Promise<void>
  /** Writes from now on. */
  begin(): Promise<void>
  /** The values of the keys used so far are their last ones. */
  nextKeys(): void
  /** Ends the writing, waits for all that was written, and says what is not where it should be. */
  faults(): Promise<string[]>
  remove(url: string): Promise<void>
  close(): Promise<void>
}

export function clusterWorld(servers: BenchServers, prefix: string, size: Size): ClusterWorld {
  const redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
  const tables = Array.from({ length: sum(size.sources) }, (_, at) => `${prefix}_table_${at}`)
  const versionsTopic = `${prefix}_versions`
  let inserts: ReturnType<typeof beginInserts> | undefined
  let versions: Awaited<ReturnType<typeof beginVersions>> | undefined

  const sink = (topics: readonly string[], tasks: number) => {
    const { host, port, password } = addresses().redis
    return {
      'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
      'tasks.max': String(tasks),
      topics: topics.join(),
      'redis.host': host,
      'redis.port': String(port),
      'redis.database': String(REDIS_DATABASE),
      'redis.password': password ?? '',
    }
  }
  const configs = () => {
    let at = 0
    const sources = size.sources.map((count, number) => {
      const own = tables.slice(at, at + count)
      at += count
      const config = { ...servers.sourceConfig(own.join()), 'tasks.max': String(count) }
      return [`${prefix}_source_${number}`, config] as const
    })
    const sinks = size.sinks.map((count, number) => {
      const topics = tables.filter((_, at) => at % size.sinks.length === number)
      return [`${prefix}_sink_${number}`, sink(topics, count)] as const
    })
    return [...sources, ...sinks, [`${prefix}_sink_versions`, sink([versionsTopic], 1)] as const]
  }

  async function missing(table: string): Promise<string[]> {
    const ids = (await inserts?.ids(table)) ?? []
    assert.ok(ids.length > 0)
    const inKafka = new Set((await topicContent(servers.kafka, table)).map(idOf))
    const keys = ids.map((id) => `${table}_${id}`)
    const inRedis = await redis.mget(keys)
    return ids.flatMap((id, at) => [
      ...(inKafka.has(id) ? [] : [`row ${id} of ${table} is not in Kafka`]),
      ...(inRedis[at] ? [] : [`row ${id} of ${table} is not in Redis`]),
    ])
  }
  const arrived = async () => {
    const keys = await redis.keys(`${prefix}_table_*`)
    const rows = await Promise.all(tables.map(async (table) => (await inserts?.ids(table)) ?? []))
    return keys.length >= rows.flat().length
  }

  return {
    names: configs().map(([connector]) => connector),
    sourceTasks: tables.length,
    tasks: tables.length + sum(size.sinks) + 1,
    async create(url) {
      for (const table of tables) await servers.table(table, 10)
      await servers.admin.createTopics({ topics: [{ topic: versionsTopic, numPartitions: 2 }] })
      for (const [name, config] of configs()) {
        const { status, text } = await ask(url, 'POST', '/connectors', { name, config })
        assert.equal(status, 201, text)
      }
    },
    async begin() {
      inserts = beginInserts(servers, tables, ROWS)
      versions = await beginVersions(servers.kafka, versionsTopic)
    },
    nextKeys: () => versions?.nextKeys(),
    async faults() {
      await inserts?.end()
      const wanted = (await versions?.end()) ?? new Map<string, number>()
      const shown = async () => {
        const found = await redis.mget([...wanted.keys()].map((key) => `${versionsTopic}_${key}`))
        return [...wanted].flatMap(([key, version], at) =>
          found[at] === JSON.stringify({ version }) ? [] : [`${key} is ${found[at]}: ${version}`],
        )
      }
      // Whatever has not come by then does not come any more, and is told.
      await until(arrived, 200, 30_000).catch(() => undefined)
      await until(async () => (await shown()).length === 0, 200, 10_000).catch(() => undefined)
      // A woken process would by now have written what it still had.
      await sleep(1_000)
      const lost: string[] = []
      for (const table of tables) lost.push(...(await missing(table)))
      return [...lost, ...(await shown())]
    },
    async remove(url) {
      for (const [name] of configs()) await ask(url, 'DELETE', `/connectors/${name}`)
    },
    async close() {
      await inserts?.end()
      await versions?.end()
      const keys = await redis.keys(`${prefix}_*`)
      if (keys.length > 0) await redis.del(keys)
      await redis.quit()
    },
  }
}

/** All tasks of these connectors; none of one that has no status yet. */
export async function shownTasks(url: string, names: readonly string[]): Promise<ShownTask[]> {
  const statuses = await Promise.all(names.map((name) => statusOf(url, name)))
  return statuses.flatMap((status) =>
    (status?.tasks ?? []).map(({ id, state, worker_id }) => ({
      kind: status?.type === 'sink' ? 'sink' : 'source',
      connector: status?.name ?? '',
      task: id,
      state,
      worker: worker_id,
    })),
  )
}

export const idOfWorker = ({ url }: Pick<ConnectlessProcess, 'url'>): string =>
  url.replace('http://', '')

/** Source tasks of each worker. */
export const sharesOf = (
  tasks: readonly ShownTask[],
  workers: readonly ConnectlessProcess[],
): number[] =>
  workers.map(
    (worker) =>
      tasks.filter((task) => task.kind === 'source' && task.worker === idOfWorker(worker)).length,
  )
