import { readExactly } from '../data/exact-json.ts'
import { ConfigError } from '../errors.ts'
import { ok } from './answers.ts'
import { includedConfig } from './connector-plugins.ts'
import { settingOf } from './framework-config.ts'
import type { Answer, Call } from './http.ts'
import { filledMasks } from './probing.ts'
import { emptyMasks } from './secrets.ts'
import { requireValid, validateConnector } from './validation.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100

/** What a connector would do next, with nothing done: a source's records as Kafka would get them, a sink's as its task would. */
export async function previewConnector(call: Call<'plugin'>): Promise<Answer> {
  const { api, query } = call
  const limit = limitOf(query.get('limit'))
  const { config, moved } = await filledMasks(includedConfig(call), api)
  const masks = { ...emptyMasks(config, api.plugins), ...moved }
  requireValid(validateConnector(config, settingOf(api), masks))
  const { kind } = api.plugins.connector(config['connector.class'] ?? '')
  const from = fromOf(query.get('from') ?? (kind === 'sink' ? 'offset' : 'beginning'))
  const answer = await api.ports.ask[kind]('preview', { config, limit, from })
  if ('json' in answer)
    return ok({ name: config['name'], type: kind, ...(readExactly(answer.json) as object) }) // a Preview
  requireValid(validateConnector(config, settingOf(api), answer.messages))
  throw new ConfigError(Object.values(answer.messages).flat().join('\n'))
}

function limitOf(text: string | null): number {
  const limit = text === null ? DEFAULT_LIMIT : /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new ConfigError(`Invalid limit ${text}: it must be a number from 1 to ${MAX_LIMIT}`)
}

function fromOf(text: string): 'beginning' | 'offset' {
  if (text === 'beginning' || text === 'offset') return text
  throw new ConfigError(`Invalid from ${text}: it must be beginning or offset`)
}
