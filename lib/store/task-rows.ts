import type { RawConfig } from '../config/config-def.ts'
import { ConflictError, RetriableError } from '../errors.ts'
import type { TaskSet, TaskStore } from '../ports.ts'
import {
  connectorPk,
  generationOfTask,
  type SetId,
  sha256,
  TASK,
  TASKS,
  taskKey,
  taskPrefix,
  tasksKey,
} from './keys.ts'
import type { Attributes, Change, Row, Rows } from './rows.ts'
import { storable } from './storable.ts'
import { checkVersions, readVersions, versionsOf } from './versions.ts'

/**
 * The rows of a new set are written beside those of the old one, then one small row, the header, says that the new set
 * is in force: sets of any size are replaced at once. Rows of a set never change, so complete ones are right ones.
 */
export const taskRows = (rows: Rows): TaskStore => ({
  read: (connector) =>
    whileReplaced(connector, async () => {
      const header = await readHeader(rows, connector)
      if (!header) return undefined
      return setOf(header, await rows.query(connectorPk(connector), taskPrefix(header)))
    }),

  readTask: (connector, task) =>
    whileReplaced(connector, async () => {
      const header = await readHeader(rows, connector)
      if (!header || task >= header.count) return undefined
      const found = await rows.get(taskKey(connector, header, task))
      const { generation, version } = header
      return found ? { generation, version, config: configOf(found) } : REPLACED
    }),

  async generation(connector) {
    const header = await readHeader(rows, connector)
    return header && { generation: header.generation, tasks: header.count }
  },

  async publish(connector, set, seen) {
    const configs = set.configs.map((config, task) =>
      storable(`The configuration of task ${connector}-${task}`, JSON.stringify(config)),
    )
    const { last, condition } = await lastGeneration(rows, connector, seen)
    const header: Header = {
      generation: Math.max(set.generation, last + 1),
      digest: sha256(JSON.stringify([set.version, configs])).slice(0, 16),
      version: set.version,
      count: configs.length,
    }
    await rows.putAll(
      configs.map((config, task) => ({
        ...taskKey(connector, header, task),
        attributes: { config },
      })),
    )
    const inForce: Change = {
      put: { ...tasksKey(connector), attributes: header },
      onlyIf: seen === undefined ? 'absent' : { generation: seen },
    }
    if (!(await rows.transact([inForce, ...condition]))) {
      await removeRefused(rows, connector, header)
      throw new ConflictError(`The tasks of ${connector} were published by somebody else meanwhile`)
    }
    await removeOutdated(rows, connector, header)
  },
})

type Header = SetId & { readonly version: number; readonly count: number }

/** Of a connector's rows, read in any order while they may be replaced. */
export function taskSetOf(rows: readonly Row[]): TaskSet | typeof REPLACED | undefined {
  const stored = rows.find(({ sk }) => sk === TASKS)
  if (!stored) return undefined
  const header = stored.attributes as Header
  const prefix = taskPrefix(header)
  return setOf(
    header,
    rows.filter(({ sk }) => sk.startsWith(prefix)),
  )
}

const setOf = (
  { generation, version, count }: Header,
  rows: readonly Row[],
): TaskSet | typeof REPLACED =>
  rows.length === count
    ? { generation, version, configs: rows.map(({ attributes }) => configOf(attributes)) }
    : REPLACED

const readHeader = async (rows: Rows, connector: string): Promise<Header | undefined> =>
  // Written by `publish` alone.
  (await rows.get(tasksKey(connector))) as Header | undefined

const configOf = (stored: Attributes): RawConfig => JSON.parse(String(stored.config))

/** The highest generation of this name so far, and what must hold so that it still is. */
async function lastGeneration(
  rows: Rows,
  connector: string,
  seen: number | undefined,
): Promise<{ readonly last: number; readonly condition: readonly Change[] }> {
  if (seen !== undefined) return { last: seen, condition: [] }
  const before = await readVersions(rows, connector)
  return { last: versionsOf(before).generation, condition: [checkVersions(before)] }
}

/**
 * Their connector may be gone, and nobody come after them who would remove them. A rival that publishes the very same set
 * is based on the same generation: it is in force, or will be refused as well.
 */
async function removeRefused(rows: Rows, connector: string, refused: Header): Promise<void> {
  const inForce = await readHeader(rows, connector)
  if (inForce && taskPrefix(inForce) === taskPrefix(refused)) return
  const keys = Array.from({ length: refused.count }, (_, task) => taskKey(connector, refused, task))
  await rows.removeAll(keys)
}

/** Of a publisher of a later generation nothing is removed: its header may come any moment. */
async function removeOutdated(rows: Rows, connector: string, inForce: SetId): Promise<void> {
  const pk = connectorPk(connector)
  try {
    const outdated = (await rows.sortKeys(pk, TASK)).filter(
      (sk) => generationOfTask(sk) <= inForce.generation && !sk.startsWith(taskPrefix(inForce)),
    )
    await rows.removeAll(outdated.map((sk) => ({ pk, sk })))
  } catch (error) {
    // The set is in force; the next publication removes what is left.
    if (!(error instanceof RetriableError)) throw error
  }
}

export const REPLACED = Symbol('the set was replaced between two reads')
const MAX_LOOKS = 10

export async function whileReplaced<T>(
  connector: string,
  look: () => Promise<T | typeof REPLACED>,
): Promise<T> {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const found = await look()
    if (found !== REPLACED) return found
  }
  throw new RetriableError(`The tasks of ${connector} are being replaced again and again`)
}
