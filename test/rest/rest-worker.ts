/** The REST API over rows in memory. The tests stand in for the coordinator and the tasks: they write what those would. */
import assert from 'node:assert/strict'
import type { RawConfig } from '../../lib/config/config-def.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import type { Plugin } from '../../lib/plugin.ts'
import type { CoordinatorEvent, Ports, Status, StatusUnit, Worker } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import type { Api, Request } from '../../lib/rest/http.ts'
import { handleRequest } from '../../lib/rest/router.ts'
import { sinkLags } from '../../lib/rest/sink-lag.ts'
import { type Stores, storesOver } from '../../lib/store/stores.ts'
import { misfits } from './described.ts'
import { examplePlugins } from './example-plugins.ts'

export type Line = { readonly level: 'warn' | 'error'; readonly message: string }

export type Answered = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** the body, read as JSON; undefined when it is empty */
  readonly json: unknown
}

export type RestWorker = ReturnType<typeof restWorker>

export const WORKER = '10.0.0.1:8083'
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

const notAsked = async (what: string): Promise<never> => {
  throw new Error(`${what} is no question of this test`)
}

export function restWorker(
  given: {
    readonly plugins?: readonly Plugin[]
    readonly stores?: (stores: Stores) => Stores
    readonly isImpatient?: boolean
    readonly configProviders?: Ports['configProviders']
    readonly ask?: Ports['ask']
    /** whether statuses of sinks ask for their lag */
    readonly isLagAsked?: boolean
    /** the worker's policy */
    readonly overrides?: RawConfig
    readonly worker?: Partial<Worker>
  } = {},
) {
  const time = { now: NOW }
  const clock = {
    now: () => time.now,
    monotonic: () => time.now,
    // Waiting before another try takes no time here; waiting for something else to happen goes on until it does.
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (!signal || given.isImpatient) resolve()
        signal?.addEventListener('abort', () => resolve())
      }),
  }
  const kept = storesOver(sqliteRows(':memory:'), clock)
  const stores = given.stores?.(kept) ?? kept
  const lines: Line[] = []
  const told: string[] = []
  const nudges: CoordinatorEvent[] = []
  const logged = (level: Line['level']) => (message: string) => {
    lines.push({ level, message })
  }
  const api: Api = {
    plugins: pluginsOf(given.plugins ?? examplePlugins),
    ports: {
      ...stores,
      ...(given.configProviders && { configProviders: given.configProviders }),
      clock,
      // What is told of changes is nothing to look into.
      log: {
        info: (message) => void told.push(message),
        warn: logged('warn'),
        error: logged('error'),
      },
      ask: given.ask ?? { source: notAsked, sink: notAsked },
      invoker: {
        coordinator: async (event) => {
          nudges.push(event)
        },
      },
      worker: {
        id: WORKER,
        groupId: 'connect-cluster',
        version: '4.3.1',
        commit: '26b251a451ce941d',
        kafkaClusterId: 'w4FVwsEsRCuAuR9joataTA',
        converters: {
          'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
          'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
        },
        ...(given.overrides && { overrides: given.overrides }),
        ...given.worker,
        offsetFlushIntervalMs: 1_000,
        leaseTtlMs: 15_000,
        leaseRenewalMs: 5_000,
        idleTimeoutMs: 30_000,
      },
    },
  }

  const served = given.isLagAsked ? { ...api, lags: sinkLags(api.ports) } : api

  /** `path` may carry a query. An object as body is sent as JSON. The answer is as the OpenAPI document describes it. */
  async function send(
    method: string,
    path: string,
    body?: object | string,
    headers: Request['headers'] = {},
  ): Promise<Answered> {
    const [rawPath = '/', query = ''] = path.split('?')
    const said = lines.length
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const response = await handleRequest(
      {
        method,
        path: rawPath,
        query,
        body: text,
        headers: {
          host: 'connect.test:8083',
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      served,
    )
    // What the framework refuses is JSON that does not say so.
    const isJson = /^([[{"]|null$)/.test(response.body)
    const json = isJson ? JSON.parse(response.body) : undefined
    // An unexpected fault, which is logged, says what it wants; a worker of loggers alone has no other path.
    if (lines.length === said && api.ports.worker.admin !== 'only')
      assert.deepEqual(misfits(method, rawPath, { status: response.status, json }), [])
    return { ...response, json }
  }

  /** What the coordinator does after a nudge: task configs and the connector's status. */
  async function coordinated(connector: string, tasks: number): Promise<number> {
    const row = await stores.configs.get(connector)
    if (!row) throw new Error(`no ${connector}`)
    const seen = (await stores.tasks.generation(connector))?.generation
    const configs = Array.from({ length: tasks }, () => ({ ...row.config, 'task.class': 'Task' }))
    const generation = (seen ?? 0) + 1
    await stores.tasks.publish(connector, { generation, version: row.version, configs }, seen)
    await reported(connector, 'connector', { state: row.targetState, generation: row.version })
    return (await stores.tasks.generation(connector))?.generation ?? generation
  }

  /** A status as its unit's function writes it. */
  async function reported(
    connector: string,
    unit: StatusUnit,
    said: Partial<Status> & Pick<Status, 'state'>,
  ): Promise<void> {
    const row = await stores.configs.get(connector)
    const restart =
      unit === 'connector' ? row?.restarts.connector : row?.restarts.tasks[String(unit)]
    const isWritten = await stores.statuses.write(connector, unit, {
      workerId: WORKER,
      version: '9.9',
      since: time.now,
      generation: (await stores.tasks.generation(connector))?.generation ?? 0,
      restart: restart ?? 0,
      ...said,
    })
    if (!isWritten) throw new Error(`the status of ${connector} (${unit}) was refused`)
  }

  return { api, stores, time, lines, told, nudges, send, coordinated, reported }
}
