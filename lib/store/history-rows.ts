import type { RawConfig } from '../config/config-def.ts'
import type { ConfigVersion } from '../ports.ts'
import { historyKey, historyPk } from './keys.ts'
import type { Change, Row, Rows } from './rows.ts'

const MAX_VERSIONS = 20

/** `config`: as JSON that was found storable. Versions of one life follow each other without a gap, so that one goes for each that comes. */
export const newVersion = (
  connector: string,
  { version, modified, config }: Omit<ConfigVersion, 'config'> & { readonly config: string },
): Change[] => [
  { put: { ...historyKey(connector, version), attributes: { version, modified, config } } },
  ...(version > MAX_VERSIONS ? [{ remove: historyKey(connector, version - MAX_VERSIONS) }] : []),
]

export const readHistory = async (rows: Rows, connector: string): Promise<ConfigVersion[]> =>
  (await rows.query(historyPk(connector), '')).map(versionOf).reverse()

export async function readVersion(
  rows: Rows,
  connector: string,
  version: number,
): Promise<ConfigVersion | undefined> {
  const key = historyKey(connector, version)
  const attributes = await rows.get(key)
  return attributes && versionOf({ ...key, attributes })
}

// Written by `newVersion` alone.
const versionOf = ({ attributes }: Row): ConfigVersion => ({
  version: Number(attributes.version),
  modified: Number(attributes.modified),
  config: JSON.parse(String(attributes.config)) as RawConfig,
})
