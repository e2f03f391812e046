import type { Stores } from '../../lib/store/stores.ts'

const TASKS = 3

/** As the seed's README has it, with what a user adds: about a kilobyte. */
const CONFIG = {
  'connector.class': 'com.github.taven.source.ExampleSourceConnector',
  'tasks.max': String(TASKS),
  'database.url': 'jdbc:mysql://mysql.internal:3306/shop?useSSL=false&characterEncoding=utf8',
  'database.username': 'reader',
  'database.password': 'not to be shown',
  'database.tables': 'orders,customers,articles',
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
  transforms: 'route,mask',
  'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
  'transforms.route.regex': '(.*)',
  'transforms.route.replacement': 'shop.$1',
  'transforms.mask.type': 'org.apache.kafka.connect.transforms.MaskField$Value',
  'transforms.mask.fields': 'email',
  'errors.tolerance': 'all',
  'producer.override.linger.ms': '5',
}

export const nameOf = (at: number): string => `orders-${String(at).padStart(4, '0')}`

/** Running connectors of three tasks each, as coordinator and tasks have left them. */
export async function fillStores(stores: Stores, connectors: number, now: number): Promise<void> {
  const names = Array.from({ length: connectors }, (_, at) => nameOf(at))
  const AT_ONCE = 20
  for (let from = 0; from < connectors; from += AT_ONCE)
    await Promise.all(names.slice(from, from + AT_ONCE).map((name) => fill(stores, name, now)))
}

async function fill(stores: Stores, name: string, now: number): Promise<void> {
  const config = { ...CONFIG, name }
  const row = { targetState: 'RUNNING', version: 1, deleted: false } as const
  await stores.configs.put(
    { ...row, name, config, restarts: { connector: 0, tasks: {} } },
    undefined,
  )
  const configs = CONFIG['database.tables'].split(',').map((table) => ({
    ...config,
    'database.table': table,
    'task.class': 'com.github.taven.source.ExampleSourceTask',
  }))
  await stores.tasks.publish(name, { generation: 1, version: 1, configs }, undefined)
  const status = {
    state: 'RUNNING',
    workerId: 'worker-1:8083',
    version: '4.3.1',
    since: now,
    generation: 1,
    restart: 0,
  } as const
  for (const unit of ['connector', 0, 1, 2] as const)
    await stores.statuses.write(name, unit, status)
  for (let task = 0; task < TASKS; task++)
    await stores.leases.take({
      connector: name,
      task,
      owner: status.workerId,
      invocation: `run-${task}`,
      generation: 1,
      ttlMs: 3_600_000,
      invocationEndsAt: now + 900_000,
    })
}
