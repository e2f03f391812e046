import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconcile } from '../../lib/coordinator/reconcile.ts'
import type { Action, Actual, Wanted } from '../../lib/coordinator/wanted-actual.ts'
import type { Status, StatusUnit } from '../../lib/ports.ts'

const NOW = 1_000_000

const wanted: Wanted = {
  row: {
    name: 'c',
    config: { topics: 'a' },
    targetState: 'RUNNING',
    version: 1,
    restarts: { connector: 0, tasks: {} },
    deleted: false,
    revision: 1,
  },
  kind: 'sink',
  version: '1',
  taskConfigs: [{ topics: 'a' }],
}

const paused: Wanted = { ...wanted, row: { ...wanted.row, targetState: 'PAUSED' } }

const by = (workerId: string, change: Partial<Status> = {}): Status => ({
  state: 'RUNNING',
  workerId,
  version: '1',
  since: 0,
  generation: 1,
  restart: 0,
  ...change,
})

const stood = (connector: Status, task: Status, waiting?: string): Actual => ({
  tasks: { generation: 1, version: 1, configs: [{ topics: 'a' }] },
  statuses: new Map<StatusUnit, Status>([
    ['connector', connector],
    [0, task],
  ]),
  leases: [],
  schedules: [],
  mappings: [
    {
      connector: 'c',
      topic: 'a',
      group: 'connect-c',
      enabled: connector.state === 'RUNNING',
      ...(waiting !== undefined && { waiting }),
    },
  ],
  groups: { revision: 1, readBy: { a: 'connect-c' }, saved: { a: {} }, mirrored: [] },
  workers: { self: 'w1', living: ['w1', 'w2'] },
})

const write: Action = { do: 'write connector status', state: 'RUNNING' }

for (const { title, wants = wanted, actual, want } of [
  { title: 'what another living worker says stands', actual: stood(by('w2'), by('w2')), want: [] },
  {
    title: 'a dead worker’s connector is taken over, and its task is woken',
    actual: stood(by('dead'), by('dead')),
    want: [{ do: 'invoke sink', task: 0 }, write],
  },
  {
    title: 'a dead worker’s paused connector and task are taken over, too',
    wants: paused,
    actual: stood(by('dead', { state: 'PAUSED' }), by('dead', { state: 'PAUSED' })),
    want: [
      { do: 'invoke sink', task: 0 },
      { do: 'write connector status', state: 'PAUSED' },
    ],
  },
  {
    title: 'a task that FAILED on a dead worker stays as it is',
    actual: {
      ...stood(by('w1'), by('dead', { state: 'FAILED' })),
      mappings: [],
    },
    want: [],
  },
  {
    title: 'a reason is the word of the worker that wrote the status',
    actual: stood(by('w1'), by('w1'), 'topic a does not exist yet'),
    want: [{ ...write, reason: 'topic a does not exist yet' }],
  },
  {
    title: 'what this worker waits for does not contradict another living one',
    actual: stood(by('w2'), by('w2'), 'topic a does not exist yet'),
    want: [],
  },
  {
    title: 'where nobody knows who lives, another’s word stands as one’s own',
    actual: { ...stood(by('other'), by('other')), workers: undefined },
    want: [],
  },
] as readonly {
  readonly title: string
  readonly wants?: Wanted
  readonly actual: Actual & { readonly workers?: Actual['workers'] | undefined }
  readonly want: readonly Action[]
}[])
  test(title, () => {
    const { workers, ...others } = actual
    assert.deepEqual(reconcile(wants, { ...others, ...(workers && { workers }) }, NOW), want)
  })
