import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectlessProcess, ConnectorStatus } from '../connectless-process.ts'
import type { Bench } from './bench.ts'
import { lambdaHost } from './lambda-host.ts'
import { median } from './measured.ts'
import { type BenchServers, openServers, until } from './servers.ts'

const ROUNDS = 3

/**
 * From kill -9 of the process that holds a source task to the next record in Kafka: by another process, by itself started again, and, as in AWS, of an
 * invocation whose failure record begins another, cold start included.
 */
export const benchFailover: Bench = async () => {
  const servers = await openServers()
  const table = `${servers.name}_failover`
  try {
    await servers.table(table, 1_000)
    const store = `sqlite:.stack/bench/${table}.db`
    let [one, other] = [await servers.connectless({ store }), await servers.connectless({ store })]
    await one.request('PUT', `/connectors/${table}/config`, servers.sourceConfig(table))
    await one.waitFor(table, 'RUNNING')

    const byExpiry: number[] = []
    const byRestart: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const holder = await holderOf([one, other], table)
      const survivor = holder === one ? other : one
      await holder.kill()
      byExpiry.push(await nextRecord(servers, table))
      one = survivor
      other = await servers.connectless({ store, listeners: holder.url })
      await one.waitFor(table, 'RUNNING')
    }
    await other.stop()
    for (let round = 0; round < ROUNDS; round++) {
      await one.waitFor(table, 'RUNNING')
      await one.kill()
      const killedAt = performance.now()
      one = await servers.connectless({ store, listeners: one.url })
      byRestart.push(performance.now() - killedAt + (await nextRecord(servers, table)))
    }
    const byRecord = await failuresOnRecord(servers)
    return {
      failover_by_record_ms: median(byRecord),
      failover_by_record_max_ms: Math.max(...byRecord),
      failover_by_expiry_ms: median(byExpiry),
      failover_by_expiry_max_ms: Math.max(...byExpiry),
      failover_by_restart_ms: median(byRestart),
      failover_by_restart_max_ms: Math.max(...byRestart),
    }
  } finally {
    await servers.close()
  }
}

async function failuresOnRecord(servers: BenchServers): Promise<number[]> {
  const host = await lambdaHost()
  const table = `${servers.name}_record`
  try {
    await servers.table(table, 1_000)
    await host.create(table, servers.sourceConfig(table))
    await until(async () => (await servers.ends(table)) >= 1_000, 50, 60_000)
    const tookMs: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      host.kill()
      tookMs.push(await nextRecord(servers, table))
    }
    return tookMs
  } finally {
    await host.close()
  }
}

async function nextRecord(servers: BenchServers, table: string): Promise<number> {
  const startedAt = performance.now()
  const before = await servers.ends(table)
  await servers.sql.query(`INSERT INTO ${table} (name) VALUES ('after the kill')`)
  await until(async () => (await servers.ends(table)) > before, 10, 60_000)
  return performance.now() - startedAt
}

async function holderOf(
  workers: readonly ConnectlessProcess[],
  connector: string,
): Promise<ConnectlessProcess> {
  for (;;) {
    // The shape of Kafka Connect's answer.
    const status = (await workers[0]?.request(
      'GET',
      `/connectors/${connector}/status`,
    )) as ConnectorStatus
    const holder = workers.find(({ url }) => url.endsWith(status.tasks[0]?.worker_id ?? 'nobody'))
    if (holder) return holder
    await sleep(100)
  }
}
