// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import { sinkConnector, sourceConnector } from '../../lib/plugin.ts'
import type { ConfigProvider } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { portsForTest, tickingClock } from '../runtime/ports-for-test.ts'

const startTask = () => Promise.reject(new Error('nothing is started here'))

const plugins = pluginsOf([
  sourceConnector({
    name: 'test.Tables',
    taskClass: 'test.TablesTask',
    version: '1',
    doc: 'Copies.',
    config: {
      tables: { type: 'list', importance: 'high', doc: 'Tables.' },
      rows: { type: 'int', importance: 'high', atLeast: 1, doc: 'Rows at once.' },
      password: { type: 'password', importance: 'high', doc: 'Password.' },
    },
    taskConfigs: ({ tables }, _maxTasks, raw) => tables.map((table) => ({ ...raw, table })),
    startTask,
  }),
  sinkConnector({
    name: 'test.Sink',
    taskClass: 'test.SinkTask',
    version: '1',
    doc: 'Takes.',
    config: { port: { type: 'int', importance: 'high', doc: 'Port.' } },
    startTask,
  }),
])

const notAsked: ConfigProvider = { get: () => assert.fail('the coordinator asks no provider') }

/** The rows after the coordinator has seen a connector of this configuration. */
async function coordinated(config: Readonly<Record<string, string>>) {
  const ports = portsForTest({ clock: tickingClock(), configProviders: { vault: notAsked } })
  const row = {
    name: 'c',
    config,
    targetState: 'RUNNING',
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
  } as const
  await ports.configs.put(row, undefined)
  await coordinate({ connector: 'c' }, ports, plugins)
  return { tasks: await ports.tasks.read('c'), status: await ports.statuses.get('c', 'connector') }
}

const TABLES = {
  'connector.class': 'test.Tables',
  'tasks.max': '3',
  tables: 'a,b',
  rows: '${vault:/db:rows}',
  password: '${vault:/db:password}',
}

test('tasks are made of a configuration with references, and their rows hold the references', async () => {
  const { tasks, status } = await coordinated(TABLES)

  assert.equal(status?.state, 'RUNNING')
  assert.deepEqual(tasks?.configs, [
    { ...TABLES, table: 'a', 'task.class': 'test.TablesTask' },
    { ...TABLES, table: 'b', 'task.class': 'test.TablesTask' },
  ])
})

test('a list that is a reference is the work of one task, which finds out what it means', async () => {
  const { tasks } = await coordinated({ ...TABLES, tables: '${vault:/db:tables}' })

  assert.deepEqual(
    tasks?.configs.map(({ table }) => table),
    ['${vault:/db:tables}'],
  )
})

test('a sink’s tasks hold the references too', async () => {
  const config = { 'connector.class': 'test.Sink', topics: 't', port: '${vault:/redis:port}' }

  const { tasks } = await coordinated(config)

  assert.deepEqual(tasks?.configs, [{ ...config, 'task.class': 'test.SinkTask' }])
})

for (const { key, config } of [
  { key: 'tasks.max', config: { ...TABLES, 'tasks.max': '${vault:/db:tasks}' } },
  {
    key: 'topics',
    config: { 'connector.class': 'test.Sink', topics: 't,${vault:/db:topic}', port: '1' },
  },
])
  test(`what the coordinator goes by cannot be a reference: ${key} fails the connector, and says so`, async () => {
    const { tasks, status } = await coordinated(config)

    assert.equal(tasks, undefined)
    assert.equal(status?.state, 'FAILED')
    assert.match(
      status?.trace ?? '',
      new RegExp(`Invalid value \\S+ for configuration ${key}: It cannot be a reference`),
    )
  })
