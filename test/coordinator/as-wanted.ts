/** What is wanted, said once more and in other words than the coordinator's. */
import assert from 'node:assert/strict'
import { aliasOf, scheduleOf } from '../../lib/cloud/names.ts'
import type { ConnectorView } from '../../lib/ports.ts'
import type { Stores } from '../../lib/store/stores.ts'
import type { SimulatedAws } from './simulated-aws.ts'

/** `unswept`: the alias of a sink that became a source may be left, should a coordinator have died right before its removal. */
export async function requireAsWanted(
  stores: Stores,
  aws: SimulatedAws,
  unswept: boolean,
): Promise<void> {
  const names = await stores.configs.listAll()
  const views = await Promise.all(names.map((name) => stores.connectors.view(name)))
  const all = views.filter((view) => view !== undefined)
  assert.equal(all.length, names.length)
  for (const { row, tasks, statuses } of all) {
    const own = statuses.get('connector')
    assert.equal(row.deleted, false, `${row.name} is still there`)
    assert.equal(own?.state, row.targetState, `${row.name}: ${own?.reason}`)
    if (row.targetState === 'RUNNING') assert.equal(tasks?.configs.length, tasksOf(row.config))
    if (row.targetState === 'STOPPED') assert.equal(tasks?.configs.length ?? 0, 0)
    for (const [task] of (tasks?.configs ?? []).entries())
      if (!hasFailed(task, { tasks, row, statuses }))
        assert.equal(statuses.get(task)?.state, row.targetState, `${row.name}-${task}`)
  }

  assert.deepEqual([...aws.schedules.keys()].sort(), all.flatMap(schedulesOf).sort())
  const mappings = aws.mappings()
  assert.deepEqual(
    mappings
      .filter(({ State }) => State === 'Enabled')
      .map(({ connector, Topics, SelfManagedKafkaEventSourceConfig: kafka }) =>
        JSON.stringify([connector, Topics?.[0], kafka?.ConsumerGroupId]),
      )
      .sort(),
    all.flatMap(enabledOf).sort(),
  )
  // Those that are not enabled wait for a topic of a sink that is not running.
  for (const { connector, Topics, State } of mappings) {
    assert.match(State ?? '', /^(En|Dis)abled$/)
    const view = all.find(({ row }) => row.name === connector)
    assert.ok(view && isSink(view) && topicsOf(view).includes(Topics?.[0] ?? ''), `of ${connector}`)
  }
  const sinks = all.filter((view) => unswept || isSink(view)).map(({ row }) => aliasOf(row.name))
  const needed = mappings.map(({ connector }) => aliasOf(connector ?? ''))
  for (const alias of aws.aliases.keys()) assert.ok(sinks.includes(alias), `alias ${alias}`)
  for (const alias of needed) assert.ok(aws.aliases.has(alias), `no alias ${alias}`)
  assert.deepEqual(await stores.changes.all(), [])
}

const listOf = (text: string | null | undefined): string[] => (text ? text.split(',') : [])
const topicsOf = ({ row }: ConnectorView): string[] => listOf(row.config.topics)
const isSink = ({ row }: ConnectorView): boolean => row.config['connector.class'] === 'test.Sink'

const tasksOf = (config: ConnectorView['row']['config']): number =>
  Math.min(listOf(config.topics ?? config.tables).length, Number(config['tasks.max']))

function hasFailed(
  task: number,
  { tasks, row, statuses }: Pick<ConnectorView, 'tasks' | 'row' | 'statuses'>,
): boolean {
  const status = statuses.get(task)
  return (
    status?.state === 'FAILED' &&
    status.generation === tasks?.generation &&
    status.restart === (row.restarts.tasks[task] ?? 0)
  )
}

function schedulesOf(view: ConnectorView): string[] {
  if (isSink(view) || view.row.targetState !== 'RUNNING') return []
  return (view.tasks?.configs ?? []).flatMap((_, task) =>
    hasFailed(task, view) ? [] : [scheduleOf('dev', { connector: view.row.name, task })],
  )
}

function enabledOf(view: ConnectorView): string[] {
  if (!isSink(view) || view.row.targetState !== 'RUNNING') return []
  const { name } = view.row
  const isOne = topicsOf(view).length === 1
  return (view.tasks?.configs ?? []).flatMap((config, task) =>
    hasFailed(task, view)
      ? []
      : listOf(config.topics).map((topic) =>
          JSON.stringify([name, topic, isOne ? `connect-${name}` : `connect-${name}-${topic}`]),
        ),
  )
}
