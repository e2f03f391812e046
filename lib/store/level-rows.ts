import type { Level, LevelSetting } from '../config/loggers.ts'
import { ConfigError } from '../errors.ts'
import type { Clock, LogLevels } from '../ports.ts'
import type { Attributes, Rows } from './rows.ts'

const PK = 'loggers'

export const levelRows = (rows: Rows, clock: Pick<Clock, 'now'>): LogLevels => ({
  async read(worker) {
    const scopes = worker === undefined ? [undefined] : [undefined, worker]
    const found = await Promise.all(scopes.map((scope) => rows.query(PK, prefixOf(scope))))
    return oldestFirst(found.flat().map(({ attributes }) => settingOf(attributes)))
  },

  async set(worker, logger, level) {
    const sk = `${prefixOf(worker)}${logger}`
    if (Buffer.byteLength(sk) > MAX_BYTES)
      throw new ConfigError(`A logger's name takes at most ${MAX_BYTES} bytes with its worker's id`)
    // Later than all there are, whatever the clocks of those who set them.
    const all = await rows.query(PK, '')
    const latest = all.reduce((most, { attributes }) => Math.max(most, Number(attributes.setAt)), 0)
    const setAt = Math.max(clock.now(), latest + 1)
    await rows.putAll([{ pk: PK, sk, attributes: { logger, level, setAt } }])
  },

  async clear(worker) {
    const own = await rows.sortKeys(PK, prefixOf(worker))
    await rows.removeAll(own.map((sk) => ({ pk: PK, sk })))
  },
})

// A sort key holds 1,024 bytes.
const MAX_BYTES = 1_024

const prefixOf = (worker: string | undefined): string =>
  worker === undefined ? 'cluster#' : `worker#${worker}#`

const oldestFirst = (settings: readonly LevelSetting[]): LevelSetting[] =>
  [...settings].sort((one, other) => one.setAt - other.setAt)

// Written by `set` alone.
const settingOf = ({ logger, level, setAt }: Attributes): LevelSetting => ({
  logger: String(logger),
  level: level as Level,
  setAt: Number(setAt),
})
