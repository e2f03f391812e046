import type { RawConfig } from '../config/config-def.ts'
import { ConfigError, ConflictError } from '../errors.ts'
import type { Clock, ConfigStore, ConnectorRow, Target } from '../ports.ts'
import { entering } from './change-rows.ts'
import { clearAway, clearHistory } from './clear-away.ts'
import { isName, MAX_NAME_BYTES } from './connector-name.ts'
import { newVersion, readHistory, readVersion } from './history-rows.ts'
import { configKey, LIST_PKS, listKey, targetKey } from './keys.ts'
import type { Attributes, Change, Rows } from './rows.ts'
import { storable } from './storable.ts'
import { checkVersions, readVersions, versionsOf } from './versions.ts'

/** Rows that are written together: all of a connector, the small part that tasks look at, its name in the list, the entry that it has changed, and each new version for its history. */
export const configRows = (rows: Rows, clock: Pick<Clock, 'now'>): ConfigStore => ({
  list: () => names(rows, false),
  listDeleted: () => names(rows, true),
  listAll: async () => (await Promise.all(LIST_PKS.map((pk) => rows.sortKeys(pk, '')))).flat(),

  async get(name) {
    const stored = isName(name) && (await rows.get(configKey(name)))
    return stored ? connectorRowOf(name, stored) : undefined
  },

  async target(name) {
    const stored = isName(name) && (await rows.get(targetKey(name)))
    return stored ? targetOf(stored) : undefined
  },

  async put(row, seen) {
    refuseName(row.name)
    return seen === undefined ? putNew(rows, row, clock) : putOver(rows, row, seen, clock)
  },

  history: async (name) => (isName(name) ? readHistory(rows, name) : []),

  configOf: async (name, version) => (isName(name) ? readVersion(rows, name, version) : undefined),

  remove: (name, seen) => clearAway(rows, name, seen),
})

async function names(rows: Rows, deleted: boolean): Promise<string[]> {
  const shards = await Promise.all(LIST_PKS.map((pk) => rows.query(pk, '')))
  return shards
    .flat()
    .filter(({ attributes }) => attributes.deleted === deleted)
    .map(({ sk }) => sk)
}

type Wanted = Omit<ConnectorRow, 'revision'>
type Now = Pick<Clock, 'now'>

async function putNew(rows: Rows, wanted: Wanted, clock: Now): Promise<ConnectorRow> {
  const before = await readVersions(rows, wanted.name)
  const { version, revision } = versionsOf(before)
  const row: ConnectorRow = {
    ...wanted,
    version: Math.max(wanted.version, version + 1),
    revision: revision + 1,
    // Topics of a deleted connector of this name are not this one's.
    ...(revision > 0 && { topicsReset: revision }),
  }
  const changes = [...changesTo(row, undefined, clock), ...enter(row, clock), checkVersions(before)]
  if (await rows.transact(changes)) return row
  throw new ConflictError(`Connector ${row.name} already exists`)
}

async function putOver(
  rows: Rows,
  wanted: Wanted,
  seen: number,
  clock: Now,
): Promise<ConnectorRow> {
  const row: ConnectorRow = { ...wanted, revision: seen + 1 }
  const before = await rows.get(targetKey(row.name))
  const target = before && targetOf(before)
  if (target?.revision === seen) {
    // What an old life of this name had is not for the new one.
    if (target.deleted && !row.deleted) await clearHistory(rows, row.name, seen)
    const isNew = row.version !== target.version
    if (await rows.transact([...changesTo(row, seen, clock), ...(isNew ? enter(row, clock) : [])]))
      return row
  }
  throw new ConflictError(`Connector ${row.name} was changed by somebody else meanwhile`)
}

/** Invariant 6: one transaction. */
function changesTo(row: ConnectorRow, seen: number | undefined, clock: Now): Change[] {
  const { name, targetState, version, restarts, deleted, revision, topicsReset } = row
  const target = {
    targetState,
    version,
    restarts: JSON.stringify(restarts),
    deleted,
    revision,
    ...(topicsReset === undefined ? {} : { topicsReset }),
  }
  return [
    {
      put: { ...configKey(name), attributes: { ...target, config: jsonOf(row) } },
      onlyIf: seen === undefined ? 'absent' : { revision: seen },
    },
    { put: { ...targetKey(name), attributes: target } },
    { put: { ...listKey(name), attributes: { deleted } } },
    entering(name, clock),
  ]
}

const jsonOf = ({ name, config }: ConnectorRow): string =>
  storable(`The configuration of connector ${name}`, JSON.stringify(config))

const enter = (row: ConnectorRow, clock: Now): Change[] =>
  newVersion(row.name, { version: row.version, modified: clock.now(), config: jsonOf(row) })

export const connectorRowOf = (name: string, stored: Attributes): ConnectorRow => ({
  name,
  config: configOf(stored),
  ...targetOf(stored),
})

// Rows of a connector are written by `changes` alone, so they hold what it put into them.
const configOf = (stored: Attributes): RawConfig => JSON.parse(String(stored.config))

const targetOf = (stored: Attributes): Target => ({
  targetState: stored.targetState as Target['targetState'],
  version: Number(stored.version),
  restarts: JSON.parse(String(stored.restarts)),
  deleted: stored.deleted === true,
  revision: Number(stored.revision),
  ...(stored.topicsReset === undefined ? {} : { topicsReset: Number(stored.topicsReset) }),
})

function refuseName(name: string): void {
  if (isName(name)) return
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name
  throw new ConfigError(
    `Invalid value ${shown} for configuration name: it must be Unicode text of 1 to ${MAX_NAME_BYTES} bytes in UTF-8`,
  )
}
