import type { RawConfig } from '../../lib/config/config-def.ts'
import { counters } from '../../lib/local/counters.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { converter } from '../../lib/plugin.ts'
import type { Clock, Ports } from '../../lib/ports.ts'
import { storesOver } from '../../lib/store/stores.ts'

/** Time that passes only by sleeping: every sleep is over at once. `freeze` lets it pass while nobody gets a turn, as for a stopped process. */
export function tickingClock(): Clock & { readonly freeze: (ms: number) => void } {
  let passedMs = 0
  return {
    now: () => 1_700_000_000_000 + passedMs,
    monotonic: () => passedMs,
    freeze: (ms) => {
      passedMs += ms
    },
    async sleep(ms, signal) {
      if (signal?.aborted) return
      passedMs += ms
      // Others get their turn, as in a real sleep.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

const unused = (port: string) => async (): Promise<never> => {
  throw new Error(`${port} is not part of this test`)
}

/** The embedded rows in memory, and whatever a test brings of the other ports. */
export function portsForTest(given: Partial<Ports> & { readonly clock: Clock }): Ports {
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
      },
      offsetFlushIntervalMs: 1_000,
      leaseTtlMs: 15_000,
      leaseRenewalMs: 5_000,
      idleTimeoutMs: 0,
    },
    ...storesOver(sqliteRows(':memory:'), given.clock),
    producers: { connect: unused('producers') },
    topics: { existing: unused('topics') },
    groups: { offsets: unused('groups') },
    schedules: { ensure: nothing, remove: nothing, list: async () => [] },
    mappings: { ensure: nothing, remove: nothing, list: async () => [] },
    aliases: { connectorOf: unused('aliases') },
    invoker: { source: nothing, sink: nothing, coordinator: nothing },
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
