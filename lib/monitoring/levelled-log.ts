import { isWritten, type Level, type LevelSetting, LOGGERS, levelOf } from '../config/loggers.ts'
import type { Fields, Log } from '../ports.ts'

export type LineLevel = Extract<Level, 'ERROR' | 'WARN' | 'INFO' | 'DEBUG' | 'TRACE'>

export type Line = {
  readonly level: LineLevel
  readonly logger: string
  readonly message: string
  readonly fields: Fields
}

/** The levels in force in this process. */
export type LevelsInForce = {
  isOn(logger: string, line: LineLevel): boolean
  /** oldest first */
  apply(settings: readonly LevelSetting[]): void
}

export function levelsInForce(): LevelsInForce {
  let settings: readonly LevelSetting[] = []
  const known = new Map<string, Level>()
  const levelNow = (logger: string): Level => {
    const level = levelOf(logger, settings)
    known.set(logger, level)
    return level
  }
  return {
    isOn: (logger, line) => isWritten(line, known.get(logger) ?? levelNow(logger)),
    apply(now) {
      settings = now
      known.clear()
    },
  }
}

/** Prints the lines that its loggers' levels let through; unnamed it is the worker's. */
export function levelledLog(
  print: (line: Line) => void,
  levels: LevelsInForce,
  begin?: Log['begin'],
): Log {
  const made = new Map<string, Log>()
  const named = (logger: string): Log => {
    const log = made.get(logger) ?? make(logger)
    made.set(logger, log)
    return log
  }

  function make(logger: string): Log {
    const at =
      (level: LineLevel) =>
      (message: string, fields: Fields = {}): void => {
        if (levels.isOn(logger, level)) print({ level, logger, message, fields })
      }
    const [debug, trace] = [at('DEBUG'), at('TRACE')]
    return {
      error: at('ERROR'),
      warn: at('WARN'),
      info: at('INFO'),
      get debug() {
        return levels.isOn(logger, 'DEBUG') ? debug : undefined
      },
      get trace() {
        return levels.isOn(logger, 'TRACE') ? trace : undefined
      },
      named,
      ...(begin && { begin }),
    }
  }
  return named(LOGGERS.worker)
}
