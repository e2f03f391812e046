/** What may happen to connectors and coordinators. */
import fc from 'fast-check'
import type { TargetState } from '../../lib/ports.ts'
import type { ConvergenceWorld } from './convergence-world.ts'

const NAMES = ['orders', 'Orders_3.x:y', 'orders-2', 'x']
const TOPICS = ['ta', 'tb', 'tc']

export const opOf = fc.record({
  do: fc.constantFrom(
    ...(['put', 'put', 'target', 'restart', 'remove', 'taskFails', 'tasksRun', 'nudge'] as const),
    ...([
      'nudge',
      'tick',
      'twoAtOnce',
      'meanwhile',
      'calm',
      'timePasses',
      'cloud',
      'crashNext',
    ] as const),
  ),
  name: fc.constantFrom(...NAMES),
  kind: fc.constantFrom('source', 'sink'),
  topics: fc.subarray(TOPICS, { minLength: 1 }),
  tasks: fc.integer({ min: 1, max: 3 }),
  target: fc.constantFrom<TargetState>('RUNNING', 'PAUSED', 'STOPPED'),
  task: fc.integer({ min: 0, max: 2 }),
  heals: fc.boolean(),
  /** how many calls a coordinator makes before it dies */
  calls: fc.integer({ min: 0, max: 30 }),
  nudged: fc.boolean(),
  seconds: fc.integer({ min: 0, max: 200 }),
  trouble: fc.constantFrom('none', 'throttles', 'fails', 'quota'),
})

export type Op = typeof opOf extends fc.Arbitrary<infer T> ? T : never

export const steps: Readonly<Record<Op['do'], (world: ConvergenceWorld, op: Op) => Promise<void>>> =
  {
    put: (world, op) => world.change(op.name, (row) => withConfig(op, row), op.nudged),
    target: (world, op) =>
      world.change(op.name, (row) => row && { ...row, targetState: op.target }, op.nudged),
    restart: (world, op) =>
      world.change(
        op.name,
        (row) =>
          row && {
            ...row,
            restarts: {
              ...row.restarts,
              connector: row.restarts.connector + 1,
              tasks: { ...row.restarts.tasks, [op.task]: (row.restarts.tasks[op.task] ?? 0) + 1 },
            },
          },
        op.nudged,
      ),
    remove: (world, op) =>
      world.change(op.name, (row) => row && { ...row, deleted: true }, op.nudged),
    taskFails: (world, op) => world.taskFails(op.name, op.task, op.heals),
    tasksRun: (world) => world.tasksRun(),
    nudge: (world, op) => world.coordinate({ connector: op.name }),
    tick: (world) => world.coordinate({}),
    twoAtOnce: (world, op) => world.twoAtOnce({}, op.nudged ? { connector: op.name } : {}),
    meanwhile: async (world, op) => {
      const change = op.heals
        ? world.taskFails(op.name, op.task, false)
        : world.change(op.name, (row) => row && { ...row, targetState: op.target }, false)
      await Promise.all([world.coordinate({}), change])
    },
    calm: (world) => world.calm(),
    timePasses: (world, op) => world.timePasses(op.seconds * 1_000),
    cloud: async (world, op) => world.cloudIs(op.trouble as Parameters<typeof world.cloudIs>[0]),
    crashNext: async (world, op) => world.crashNext(op.calls),
  }

type Row = Parameters<Parameters<ConvergenceWorld['change']>[1]>[0]

/** A living connector keeps its kind. */
function withConfig(op: Op, row: Row): Row {
  const isNew = !row || row.deleted
  const isSource = isNew ? op.kind === 'source' : 'tables' in row.config
  const config = {
    name: op.name,
    'connector.class': isSource ? 'test.Source' : 'test.Sink',
    [isSource ? 'tables' : 'topics']: op.topics.join(),
    'tasks.max': String(op.tasks),
    ...(op.heals && { 'task.restart.max': '-1', 'task.restart.backoff.ms': '20000' }),
  }
  const fresh = {
    name: op.name,
    targetState: 'RUNNING' as const,
    restarts: { connector: 0, tasks: {} },
  }
  return {
    ...(row ?? fresh),
    ...(isNew && { targetState: 'RUNNING' as const }),
    config,
    version: (row?.version ?? 0) + 1,
    deleted: false,
  }
}
