import { Logger } from '@aws-lambda-powertools/logger'
import type { Fields, Log } from '../ports.ts'

/** One line of JSON a message. */
export function powertoolsLog(service: string): Log {
  const logger = new Logger({ serviceName: service })
  return {
    info: (message, fields) => logger.info(message, printable(fields)),
    warn: (message, fields) => logger.warn(message, printable(fields)),
    error: (message, fields) => logger.error(message, printable(fields)),
    begin(fields) {
      logger.resetKeys()
      logger.appendKeys(printable(fields))
    },
  }
}

// Powertools' own type is not readonly.
const printable = (fields: Fields = {}) => ({ ...fields })
