import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconcile } from '../../lib/coordinator/reconcile.ts'
import type { Action, Actual, Wanted } from '../../lib/coordinator/wanted-actual.ts'
import type { ConnectorRow, Lease, Mapping, State, Status, StatusUnit } from '../../lib/ports.ts'

const NOW = 1_000_000

const row = (change: Partial<ConnectorRow> = {}): ConnectorRow => ({
  name: 'c',
  config: { 'connector.class': 'X', topics: 'a, b' },
  targetState: 'RUNNING',
  version: 1,
  restarts: { connector: 0, tasks: {} },
  deleted: false,
  revision: 1,
  ...change,
})

const status = (state: State, change: Partial<Status> = {}): Status => ({
  state,
  workerId: 'w',
  version: '1',
  since: 0,
  generation: 1,
  restart: 0,
  ...change,
})

const lease = (change: Partial<Lease> = {}): Lease => ({
  connector: 'c',
  task: 0,
  owner: 'w',
  invocation: 'i',
  epoch: 1,
  generation: 1,
  expiresAt: NOW + 1,
  invocationEndsAt: NOW + 1,
  released: false,
  ...change,
})

const source = (
  change: Partial<ConnectorRow> = {},
  taskConfigs: Wanted['taskConfigs'] = [{ n: '0' }],
): Wanted => ({
  row: row(change),
  kind: 'source',
  version: '1',
  taskConfigs,
})

const sink = (change: Partial<ConnectorRow> = {}): Wanted => ({
  row: row(change),
  kind: 'sink',
  version: '1',
  taskConfigs: [{ topics: 'a,b' }],
})

const mapping = (topic: string, change: Partial<Mapping> = {}): Mapping => ({
  connector: 'c',
  topic,
  group: `connect-c-${topic}`,
  enabled: true,
  ...change,
})

const nothing: Actual = {
  tasks: undefined,
  statuses: new Map(),
  leases: [],
  schedules: [],
  mappings: [],
}

const runningSource: Actual = {
  tasks: { generation: 1, version: 1, configs: [{ n: '0' }] },
  statuses: new Map<StatusUnit, Status>([
    ['connector', status('RUNNING')],
    [0, status('RUNNING')],
  ]),
  leases: [lease()],
  schedules: [0],
  mappings: [],
}

const runningSink: Actual = {
  tasks: { generation: 1, version: 1, configs: [{ topics: 'a,b' }] },
  statuses: new Map<StatusUnit, Status>([
    ['connector', status('RUNNING')],
    [0, status('RUNNING')],
  ]),
  leases: [],
  schedules: [],
  mappings: [mapping('a'), mapping('b')],
  groups: {
    revision: 1,
    readBy: { a: mapping('a').group, b: mapping('b').group },
    saved: {},
    mirrored: ['a', 'b'],
  },
}

const withStatus = (actual: Actual, unit: 'connector' | number, changed: Status): Actual => ({
  ...actual,
  statuses: new Map([...actual.statuses, [unit, changed]]),
})

const examples: readonly {
  title: string
  wanted: Wanted
  actual: Actual
  want: readonly Action[]
}[] = [
  {
    title: 'a new source gets its tasks, schedules and a first invocation',
    wanted: source(),
    actual: nothing,
    want: [
      { do: 'publish tasks', configs: [{ n: '0' }] },
      { do: 'ensure schedule', task: 0 },
      { do: 'invoke source', task: 0 },
      { do: 'write connector status', state: 'RUNNING' },
    ],
  },
  { title: 'a running source needs nothing', wanted: source(), actual: runningSource, want: [] },
  { title: 'a running sink needs nothing', wanted: sink(), actual: runningSink, want: [] },
  {
    title: 'a connector made PAUSED has no tasks before it is resumed',
    wanted: source({ targetState: 'PAUSED' }),
    actual: nothing,
    want: [{ do: 'write connector status', state: 'PAUSED' }],
  },
  {
    title: 'a paused source loses its schedule, and its task is woken to see it',
    wanted: source({ targetState: 'PAUSED' }),
    actual: runningSource,
    want: [
      { do: 'remove schedule', task: 0 },
      { do: 'invoke source', task: 0 },
      { do: 'write connector status', state: 'PAUSED' },
    ],
  },
  {
    title: 'a stopped source has no tasks',
    wanted: source({ targetState: 'STOPPED' }),
    actual: runningSource,
    want: [
      { do: 'publish tasks', configs: [] },
      { do: 'remove schedule', task: 0 },
      { do: 'write connector status', state: 'STOPPED' },
    ],
  },
  {
    title: 'a failed task has no schedule and is not woken',
    wanted: source(),
    actual: withStatus(runningSource, 0, status('FAILED')),
    want: [{ do: 'remove schedule', task: 0 }],
  },
  {
    title: 'a restart wakes a failed task and schedules it again',
    wanted: source({ restarts: { connector: 0, tasks: { 0: 1 } } }),
    actual: { ...withStatus(runningSource, 0, status('FAILED')), schedules: [] },
    want: [
      { do: 'ensure schedule', task: 0 },
      { do: 'invoke source', task: 0 },
    ],
  },
  {
    title: 'a change of the config publishes a new generation',
    wanted: source({ version: 2 }, [{ n: '1' }]),
    actual: runningSource,
    want: [
      { do: 'publish tasks', configs: [{ n: '1' }] },
      { do: 'invoke source', task: 0 },
      { do: 'write connector status', state: 'RUNNING' },
    ],
  },
  {
    title: 'a connector that cannot share out its work is FAILED and keeps its tasks',
    wanted: source({ version: 2 }, { error: 'no tables' }),
    actual: runningSource,
    want: [{ do: 'write connector status', state: 'FAILED', error: 'no tables' }],
  },
  {
    title: 'a failed connector is not failed again and again',
    wanted: source({}, { error: 'no tables' }),
    actual: withStatus(runningSource, 'connector', status('FAILED')),
    want: [],
  },
  {
    title: 'a sink has one mapping a topic, each with a group of its own',
    wanted: sink(),
    actual: nothing,
    want: [
      { do: 'publish tasks', configs: [{ topics: 'a,b' }] },
      { do: 'ensure mapping', mapping: mapping('a') },
      { do: 'ensure mapping', mapping: mapping('b') },
      { do: 'invoke sink', task: 0 },
      { do: 'write connector status', state: 'RUNNING' },
    ],
  },
  {
    title: 'a failed sink task has its mappings disabled',
    wanted: sink(),
    actual: withStatus(runningSink, 0, status('FAILED')),
    want: [
      { do: 'ensure mapping', mapping: mapping('a', { enabled: false }) },
      { do: 'ensure mapping', mapping: mapping('b', { enabled: false }) },
    ],
  },
  {
    title: 'a paused sink keeps its mappings, disabled',
    wanted: sink({ targetState: 'PAUSED' }),
    actual: runningSink,
    want: [
      { do: 'ensure mapping', mapping: mapping('a', { enabled: false }) },
      { do: 'ensure mapping', mapping: mapping('b', { enabled: false }) },
      { do: 'invoke sink', task: 0 },
      { do: 'write connector status', state: 'PAUSED' },
    ],
  },
  {
    title: 'once a mapping is at rest, what its group has committed is saved',
    wanted: sink({ targetState: 'PAUSED' }),
    actual: {
      ...withStatus(withStatus(runningSink, 0, status('PAUSED')), 'connector', status('PAUSED')),
      mappings: [
        mapping('a', { enabled: false }),
        { ...mapping('b', { enabled: false }), waiting: 'Disabling' },
      ],
    },
    want: [{ do: 'save offsets', reading: { a: mapping('a').group } }],
  },
  {
    title:
      'nothing is saved while REST may be changing offsets, nor what is saved; what is saved is mirrored no more',
    wanted: sink({ targetState: 'PAUSED' }),
    actual: {
      ...withStatus(withStatus(runningSink, 0, status('PAUSED')), 'connector', status('PAUSED')),
      mappings: [mapping('a', { enabled: false }), mapping('b', { enabled: false })],
      groups: {
        revision: 1,
        readBy: { a: mapping('a').group, b: mapping('b').group },
        saved: { a: {} },
        mirrored: ['a', 'b'],
        changingUntil: NOW + 1,
      },
    },
    want: [{ do: 'mirror topics', topics: ['b'] }],
  },
  {
    title: 'a topic that is to be read by another group while it rests keeps its own',
    wanted: sink({ targetState: 'PAUSED', config: { topics: 'a' } }),
    actual: {
      ...withStatus(withStatus(runningSink, 0, status('PAUSED')), 'connector', status('PAUSED')),
      mappings: [mapping('a', { enabled: false })],
      groups: { revision: 1, readBy: { a: mapping('a').group }, saved: { a: {} }, mirrored: [] },
    },
    want: [],
  },
  {
    title: 'a running source task whose invocation has died is invoked anew, a paused one is not',
    wanted: source(),
    actual: { ...runningSource, lost: [0] },
    want: [{ do: 'invoke source', task: 0 }],
  },
  {
    title: 'a failed source task whose invocation has died stays as it is',
    wanted: source(),
    actual: { ...withStatus(runningSource, 0, status('FAILED')), schedules: [], lost: [0] },
    want: [],
  },
  {
    title: 'a topic that a sink no longer names loses its mapping',
    wanted: { ...sink({ config: { topics: 'a,b' } }) },
    actual: { ...runningSink, mappings: [...runningSink.mappings, mapping('old')] },
    want: [{ do: 'remove mapping', topic: 'old' }],
  },
  {
    title: 'a topic that does not exist yet shows in the reason',
    wanted: sink(),
    actual: {
      ...runningSink,
      mappings: [mapping('a'), { ...mapping('b'), waiting: 'topic b does not exist yet' }],
    },
    want: [
      { do: 'write connector status', state: 'RUNNING', reason: 'topic b does not exist yet' },
    ],
  },
  {
    title: 'a deleted connector ends its tasks first',
    wanted: source({ deleted: true }),
    actual: runningSource,
    want: [
      { do: 'publish tasks', configs: [] },
      { do: 'remove schedule', task: 0 },
    ],
  },
  {
    title: 'the rows of a deleted connector stay while a task holds a living lease',
    wanted: source({ deleted: true }),
    actual: { ...nothing, leases: [lease()] },
    want: [],
  },
  {
    title: 'a deleted connector without tasks is cleared away',
    wanted: source({ deleted: true }),
    actual: { ...nothing, leases: [lease({ expiresAt: NOW - 1 })] },
    want: [{ do: 'clear away' }],
  },
  {
    title: 'a connector whose plugin is gone is FAILED, and can still be deleted',
    wanted: { row: row(), kind: 'unknown', version: '', taskConfigs: { error: 'no such class' } },
    actual: nothing,
    want: [{ do: 'write connector status', state: 'FAILED', error: 'no such class' }],
  },
]

for (const { title, wanted, actual, want } of examples) {
  test(title, () => assert.deepEqual(reconcile(wanted, actual, NOW), want))
}
