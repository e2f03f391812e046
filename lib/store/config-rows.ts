import type { RawConfig } from '../config/config-def.ts'
import { ConfigError, ConflictError } from '../errors.ts'
import type { ConfigStore, ConnectorRow, Target } from '../ports.ts'
import { clearAway } from './clear-away.ts'
import { configKey, LIST_PKS, listKey, targetKey } from './keys.ts'
import type { Attributes, Change, Rows } from './rows.ts'
import { storable } from './storable.ts'
import { checkVersions, readVersions, versionsOf } from './versions.ts'

/** Two rows a connector, written together: all of it, and the small part that tasks look at; and its name in the list. */
export const configRows = (rows: Rows): ConfigStore => ({
  list: () => names(rows, false),
  listDeleted: () => names(rows, true),

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
    return seen === undefined ? putNew(rows, row) : putOver(rows, row, seen)
  },

  remove: (name, seen) => clearAway(rows, name, seen),
})

async function names(rows: Rows, deleted: boolean): Promise<string[]> {
  const shards = await Promise.all(LIST_PKS.map((pk) => rows.query(pk, '')))
  return shards
    .flat()
    .filter(({ attributes }) => attributes.deleted === deleted)
    .map(({ sk }) => sk)
}

async function putNew(rows: Rows, wanted: Omit<ConnectorRow, 'revision'>): Promise<ConnectorRow> {
  const before = await readVersions(rows, wanted.name)
  const { version, revision } = versionsOf(before)
  const row: ConnectorRow = {
    ...wanted,
    version: Math.max(wanted.version, version + 1),
    revision: revision + 1,
    // Topics of a deleted connector of this name are not this one's.
    ...(revision > 0 && { topicsReset: revision }),
  }
  if (await rows.transact([...changes(row, undefined), checkVersions(before)])) return row
  throw new ConflictError(`Connector ${row.name} already exists`)
}

async function putOver(
  rows: Rows,
  wanted: Omit<ConnectorRow, 'revision'>,
  seen: number,
): Promise<ConnectorRow> {
  const row: ConnectorRow = { ...wanted, revision: seen + 1 }
  if (await rows.transact(changes(row, seen))) return row
  throw new ConflictError(`Connector ${row.name} was changed by somebody else meanwhile`)
}

/** Invariant 6: one transaction. */
function changes(row: ConnectorRow, seen: number | undefined): Change[] {
  const { name, targetState, version, restarts, deleted, revision, topicsReset } = row
  const target = {
    targetState,
    version,
    restarts: JSON.stringify(restarts),
    deleted,
    revision,
    ...(topicsReset === undefined ? {} : { topicsReset }),
  }
  const config = storable(`The configuration of connector ${name}`, JSON.stringify(row.config))
  return [
    {
      put: { ...configKey(name), attributes: { ...target, config } },
      onlyIf: seen === undefined ? 'absent' : { revision: seen },
    },
    { put: { ...targetKey(name), attributes: target } },
    { put: { ...listKey(name), attributes: { deleted } } },
  ]
}

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

// It is a sort key of the list, which holds 1,024 bytes of UTF-8.
const MAX_NAME_BYTES = 1_024

export const isName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && Buffer.byteLength(name) <= MAX_NAME_BYTES

function refuseName(name: string): void {
  if (isName(name)) return
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name
  throw new ConfigError(
    `Invalid value ${shown} for configuration name: it must be Unicode text of 1 to ${MAX_NAME_BYTES} bytes in UTF-8`,
  )
}
