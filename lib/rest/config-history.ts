import { NotFoundError } from '../errors.ts'
import type { ConfigVersion } from '../ports.ts'
import { ok } from './answers.ts'
import { changeConfig, putConfig } from './change-config.ts'
import { existing } from './connector-view.ts'
import type { Answer, Api, Call } from './http.ts'
import { masked, maskingOf } from './secrets.ts'

/** Kafka Connect keeps none. */
export async function getHistory({ api, params }: Call<'connector'>): Promise<Answer> {
  const { name } = await existing(params.connector, api)
  const versions = await api.ports.configs.history(name)
  return ok(versions.map((version) => versionJson(version, api)))
}

export async function getVersion({ api, params }: Call<'connector' | 'version'>): Promise<Answer> {
  const { name } = await existing(params.connector, api)
  return ok(versionJson(await versionOf(name, params.version, api), api))
}

/** A new version with the old configuration, secrets included. */
export const rollBack = ({ api, params }: Call<'connector' | 'version'>): Promise<Answer> =>
  changeConfig(params.connector, api, async ({ row }) => {
    const { config } = await versionOf(row.name, params.version, api)
    return putConfig(row, config, api)
  })

async function versionOf(name: string, version: string, { ports }: Api): Promise<ConfigVersion> {
  const found = await ports.configs.configOf(name, Number(version))
  if (found) return found
  throw new NotFoundError(`No version ${Number(version)} found of the config of connector ${name}`)
}

const versionJson = ({ version, modified, config }: ConfigVersion, api: Api) => ({
  version,
  modified: new Date(modified).toISOString(),
  config: masked(config, maskingOf(api)),
})
