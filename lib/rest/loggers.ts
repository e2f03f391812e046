import {
  DEFAULT_LEVEL,
  LEVELS,
  type Level,
  type LevelSetting,
  LOGGERS,
  levelOf,
  ROOT,
  settingOf,
} from '../config/loggers.ts'
import { DataError, NotFoundError } from '../errors.ts'
import { errorAnswer, ok } from './answers.ts'
import type { Answer, Api, Call } from './http.ts'
import { readMap } from './json-body.ts'

export async function listLoggers({ api }: Call): Promise<Answer> {
  const settings = await settingsOf(api)
  return ok(
    Object.fromEntries(namesOf(settings, api).map((name) => [name, loggerJson(name, settings)])),
  )
}

export async function getLogger({ api, params }: Call<'logger'>): Promise<Answer> {
  const name = nameOf(params.logger)
  const settings = await settingsOf(api)
  if (!namesOf(settings, api).includes(name))
    throw new NotFoundError(`Logger ${params.logger} not found.`)
  return ok(loggerJson(name, settings))
}

/** Answers which loggers have another level now, among those there are; for the whole cluster it answers nothing. */
export async function setLevel({ api, params, query, request }: Call<'logger'>): Promise<Answer> {
  const sent = levelSent(request.body)
  if (sent === null)
    return errorAnswer(400, "Desired 'level' parameter was not specified in request.")
  const level = LEVELS.find((one) => one === sent.toUpperCase())
  if (!level) throw new NotFoundError(`invalid log level '${sent}'.`)
  const isForAll = isClusterScope(query.get('scope'), api)
  const changed = await change(nameOf(params.logger), level, isForAll, api)
  return isForAll ? { status: 204 } : ok(changed)
}

function levelSent(body: string | undefined): string | null {
  const sent = readMap(body)
  if (sent) return sent.level ?? null
  // What Kafka Connect does next fails so.
  throw new DataError('Cannot invoke "java.util.Map.get(Object)" because "levelMap" is null')
}

function isClusterScope(scope: string | null, { ports }: Api): boolean {
  const wanted = (scope ?? 'worker').toLowerCase()
  if (wanted !== 'worker' && wanted !== 'cluster')
    // LoggingResource's text.
    ports.log.warn(
      `Received invalid scope '${scope}' in request to adjust logging level. Will fall back to default scope 'worker'`,
    )
  return wanted === 'cluster'
}

async function change(
  name: string,
  level: Level,
  isForAll: boolean,
  api: Api,
): Promise<readonly string[]> {
  const { logLevels, worker } = api.ports
  const before = await settingsOf(api)
  const names = namesOf(before, api)
  const setting: LevelSetting = { logger: name, level, setAt: Number.POSITIVE_INFINITY }
  const after = [...before, setting]
  const changed = namesOf(after, api).filter((one) => levelOf(one, after) !== levelOf(one, before))
  // Kafka Connect passes over what is so already; other workers of the cluster may differ from this one.
  if (isForAll || changed.length > 0 || !names.includes(name))
    await logLevels.set(isForAll ? undefined : worker.loggerScope, name, level)
  return changed
}

const settingsOf = ({ ports }: Api): Promise<LevelSetting[]> =>
  ports.logLevels.read(ports.worker.loggerScope)

/** Sorted: those that are always there, the connectors' own, and those that somebody set. */
function namesOf(settings: readonly LevelSetting[], { plugins }: Api): string[] {
  const connectors = plugins.all.filter(({ kind }) => kind === 'source' || kind === 'sink')
  const names = new Set([
    ROOT,
    ...Object.values(LOGGERS),
    ...connectors.map((connector) => connector.name),
    ...settings.map(({ logger }) => logger),
  ])
  return [...names].sort()
}

function loggerJson(name: string, settings: readonly LevelSetting[]) {
  const setting = settingOf(name, settings)
  return { level: setting?.level ?? DEFAULT_LEVEL, last_modified: setting?.setAt ?? null }
}

const nameOf = (logger: string): string => (logger.toLowerCase() === ROOT ? ROOT : logger)
