import { ConflictError } from '../errors.ts'
import {
  configKey,
  connectorPk,
  generationOfTask,
  groupsKey,
  historyPk,
  LEASE,
  LOST,
  listKey,
  mirrorsKey,
  STATUS,
  TASK,
  TOPIC,
  targetKey,
  tasksKey,
} from './keys.ts'
import { type Change, chunksOf, type Key, MAX_CHANGES, type Rows } from './rows.ts'
import { readVersions, rememberVersions } from './versions.ts'

/**
 * Removes a deleted connector row by row. Each step has the condition that it is still deleted; the connector's own row goes last,
 * so that whoever dies on the way leaves it to be found again.
 */
export async function clearAway(rows: Rows, connector: string, seen: number): Promise<void> {
  const stored = await rows.get(configKey(connector))
  if (!stored) return
  const { check, stillDeleted, step } = stepsOf(rows, connector, seen)
  const version = Number(stored.version)

  const tasks = await keysOf(rows, connector, TASK)
  const topics = await keysOf(rows, connector, TOPIC)
  await step([check, ...(await endOfTasks(rows, connector, tasks, { version, revision: seen }))])
  await rows.removeAll([...tasks, ...topics])

  const leases = await keysOf(rows, connector, LEASE)
  const statuses = await keysOf(rows, connector, STATUS)
  const losses = await keysOf(rows, connector, LOST)
  const groups = [groupsKey(connector), mirrorsKey(connector)]
  for (const chunk of chunksOf([...leases, ...statuses, ...losses, ...groups], MAX_CHANGES - 1))
    await step([check, ...chunk.map((remove) => ({ remove }))])
  await clearHistory(rows, connector, seen)
  await step([
    { remove: configKey(connector), onlyIf: stillDeleted },
    { remove: targetKey(connector) },
    { remove: listKey(connector) },
  ])
}

// An entry takes up to 300 KB, and a transaction 4 MB.
const MAX_ENTRIES = 10

/** The configurations of a deleted connector hold passwords: nobody needs them any more. @throws ConflictError when it lives again. */
export async function clearHistory(rows: Rows, connector: string, seen: number): Promise<void> {
  const { check, step } = stepsOf(rows, connector, seen)
  const pk = historyPk(connector)
  const entries = (await rows.sortKeys(pk, '')).map((sk) => ({ pk, sk }))
  for (const chunk of chunksOf(entries, MAX_ENTRIES))
    await step([check, ...chunk.map((remove) => ({ remove }))])
}

/** What is done only as long as the connector is the deleted one that was seen. */
function stepsOf(rows: Rows, connector: string, seen: number) {
  const stillDeleted = { revision: seen, deleted: true }
  const check: Change = { check: configKey(connector), onlyIf: stillDeleted }
  const step = async (changes: readonly Change[]) => {
    if (await rows.transact(changes)) return
    throw new ConflictError(`Connector ${connector} is no longer the deleted one that was seen`)
  }
  return { check, stillDeleted, step }
}

/**
 * The task set is out of force from here on, and what was reached is remembered. That includes rows of a set that was
 * never put into force: its publisher meets this change and gives up, so they can be removed as well.
 */
async function endOfTasks(
  rows: Rows,
  connector: string,
  tasks: readonly Key[],
  reached: { readonly version: number; readonly revision: number },
): Promise<Change[]> {
  const before = await readVersions(rows, connector)
  const header = await rows.get(tasksKey(connector))
  const generations = [
    Number(header?.generation ?? 0),
    ...tasks.map(({ sk }) => generationOfTask(sk)),
  ]
  const generation = generations.reduce((one, other) => Math.max(one, other))
  return [
    rememberVersions(before, { ...reached, generation }),
    {
      remove: tasksKey(connector),
      onlyIf: header ? { generation: Number(header.generation) } : 'absent',
    },
  ]
}

async function keysOf(rows: Rows, connector: string, prefix: string): Promise<Key[]> {
  const pk = connectorPk(connector)
  return (await rows.sortKeys(pk, prefix)).map((sk) => ({ pk, sk }))
}
