import type { RawConfig } from '../../lib/config/config-def.ts'
import { counters } from '../../lib/local/counters.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { converter } from '../../lib/plugin.ts'
import type { Clock, Ports } from '../../lib/ports.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'

type Sleeper = { readonly until: number; readonly wake: () => void }

/**
 * Time that passes only by sleeping: once nobody has anything to do it goes on to the end of the shortest sleep.
 * `freeze` lets it pass while nobody gets a turn, as for a stopped process.
 */
export function tickingClock(): Clock & { readonly freeze: (ms: number) => void } {
  let passedMs = 0
  const sleepers = new Set<Sleeper>()
  const tick = () => {
    const [next] = [...sleepers].sort((one, other) => one.until - other.until)
    if (!next) return
    passedMs = Math.max(passedMs, next.until)
    next.wake()
  }
  return {
    now: () => 1_700_000_000_000 + passedMs,
    monotonic: () => passedMs,
    freeze: (ms) => {
      passedMs += ms
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
          // Who was woken has its turn first.
          if (sleepers.size > 0) setImmediate(tick)
        }
        const sleeper = { until: passedMs + Math.max(0, ms), wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake)
        setImmediate(tick)
      }),
  }
}

const unused = (port: string) => async (): Promise<never> => {
  throw new Error(`${port} is not part of this test`)
}

/** The embedded rows in memory, and whatever a test brings of the other ports. */
export function portsForTest({
  rows = sqliteRows(':memory:'),
  ...given
}: Partial<Ports> & { readonly clock: Clock; readonly rows?: Rows | undefined }): Ports {
  const nothing = async () => undefined
  return {
    worker: {
      id: 'worker:1',
      groupId: 'g',
      version: '4.3.1',
      commit: 'x',
      kafkaClusterId: 'k',
      converters: {
        'key.converter': stringConverter.name,
        'value.converter': stringConverter.name,
        'header.converter': stringConverter.name,
      },
      offsetFlushIntervalMs: 1_000,
      leaseTtlMs: 15_000,
      leaseRenewalMs: 5_000,
      idleTimeoutMs: 0,
    },
    ...storesOver(rows, given.clock),
    producers: { connect: unused('producers') },
    topics: { existing: unused('topics'), ensure: unused('topics'), read: unused('topics') },
    groups: {
      offsets: unused('groups'),
      committed: unused('groups'),
      requireEmpty: unused('groups'),
      commit: unused('groups'),
      forget: unused('groups'),
      remove: unused('groups'),
    },
    schedules: { ensure: nothing, remove: nothing, list: async () => [] },
    mappings: { ensure: nothing, remove: nothing, list: async () => [] },
    aliases: { connectorOf: unused('aliases'), follow: async () => undefined },
    invoker: { source: nothing, sink: nothing, coordinator: nothing },
    ask: { source: unused('ask'), sink: unused('ask') },
    configProviders: {},
    conceal: (text) => text,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    metrics: counters(),
    ...given,
  }
}

export async function runningConnector(
  ports: Ports,
  name: string,
  config: RawConfig,
): Promise<void> {
  const full = { name, ...config }
  await ports.configs.put(
    {
      name,
      config: full,
      targetState: 'RUNNING',
      version: 1,
      restarts: { connector: 0, tasks: {} },
      deleted: false,
    },
    undefined,
  )
  await ports.tasks.publish(name, { generation: 1, version: 1, configs: [full] }, undefined)
}

/** Text as it is: for tests that are about something else than conversion. */
export const stringConverter = converter({
  name: 'test.TextConverter',
  version: '1',
  doc: 'Text as it is.',
  config: {},
  configure: () => ({
    fromConnect: (_topic, _schema, value) => (value === null ? null : Buffer.from(String(value))),
    toConnect: (_topic, bytes) => ({
      schema: null,
      value: bytes === null ? null : bytes.toString(),
    }),
  }),
})
