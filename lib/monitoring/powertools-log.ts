import { Logger } from '@aws-lambda-powertools/logger'
import type { Fields, Log } from '../ports.ts'
import { type Line, levelledLog, levelsInForce } from './levelled-log.ts'

/** One line of JSON a message. */
export function powertoolsLog(service: string, levels = levelsInForce()): Log {
  const powertools = new Logger({ serviceName: service, logLevel: 'TRACE' })
  const write = {
    ERROR: powertools.error.bind(powertools),
    WARN: powertools.warn.bind(powertools),
    INFO: powertools.info.bind(powertools),
    DEBUG: powertools.debug.bind(powertools),
    TRACE: powertools.trace.bind(powertools),
  } as const
  const print = ({ level, logger, message, fields }: Line) =>
    write[level](message, printable({ logger, ...fields }))
  return levelledLog(print, levels, (fields) => {
    powertools.resetKeys()
    powertools.appendKeys(printable(fields))
  })
}

// Powertools' own type is not readonly.
const printable = (fields: Fields) => ({ ...fields })
