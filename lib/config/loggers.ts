/** Loggers and their levels, named as in Kafka Connect, so that what its users set for theirs works here. */

/** From saying nothing to saying everything; no line is FATAL. */
export const LEVELS = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'ALL'] as const

export type Level = (typeof LEVELS)[number]

export const DEFAULT_LEVEL: Level = 'INFO'

/** Above all others. */
export const ROOT = 'root'

const RUNTIME = 'org.apache.kafka.connect.runtime'

/** Who writes lines, beside the connectors: those write under their class name. */
export const LOGGERS = {
  worker: `${RUNTIME}.Worker`,
  source: `${RUNTIME}.WorkerSourceTask`,
  sink: `${RUNTIME}.WorkerSinkTask`,
  coordinator: `${RUNTIME}.distributed.DistributedHerder`,
  rest: `${RUNTIME}.rest.RestServer`,
  errors: `${RUNTIME}.errors.LogReporter`,
  kafka: 'org.apache.kafka.clients',
  consumer: 'org.apache.kafka.clients.consumer',
} as const

/** Said once of a logger, for it and all below it. */
export type LevelSetting = {
  readonly logger: string
  readonly level: Level
  /** ms since 1970; of two settings the later one counts */
  readonly setAt: number
}

/** The setting that counts for a logger: the latest of itself and of those above it. `settings`: oldest first. */
export const settingOf = (
  logger: string,
  settings: readonly LevelSetting[],
): LevelSetting | undefined => settings.findLast((setting) => isWithin(logger, setting.logger))

export const levelOf = (logger: string, settings: readonly LevelSetting[]): Level =>
  settingOf(logger, settings)?.level ?? DEFAULT_LEVEL

const isWithin = (logger: string, above: string): boolean =>
  above === ROOT || logger === above || logger.startsWith(`${above}.`)

/** Whether lines of this level are written at that one. */
export const isWritten = (line: Level, level: Level): boolean =>
  LEVELS.indexOf(line) <= LEVELS.indexOf(level)

type Nameable<L> = { readonly named?: ((logger: string) => L) | undefined }

/** The log under another logger's name, where it has several. */
export const named = <L extends Nameable<L>>(log: L, logger: string): L =>
  log.named?.(logger) ?? log
