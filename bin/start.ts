/** The command `start`: hands the handlers to lib/local. */
import { readFileSync } from 'node:fs'
import { apiHandler } from '../functions/api.ts'
import { coordinatorHandler } from '../functions/coordinator.ts'
import { sinkHandler } from '../functions/sink.ts'
import { sourceHandler } from '../functions/source.ts'
import type { RawConfig } from '../lib/config/config-def.ts'
import { parseProperties } from '../lib/config/properties.ts'
import { parseWorker, workerFromEnvironment } from '../lib/config/worker-config.ts'
import { messageOf } from '../lib/errors.ts'
import { lineLog } from '../lib/local/line-log.ts'
import { startLocal } from '../lib/local/start.ts'
import { levelsInForce } from '../lib/monitoring/levelled-log.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'
import { withoutReferences } from '../lib/secrets/worker-references.ts'

/** In local mode nobody pays for an idle task: it stays, and new rows are seen at once. */
const LOCAL_DEFAULTS: RawConfig = { 'idle.timeout.ms': '-1' }

/** Resolves once the REST API answers; the process goes on until it gets a signal. */
export async function start(properties: string | undefined): Promise<void> {
  const environment = process.env
  const given: RawConfig = {
    ...LOCAL_DEFAULTS,
    ...(properties === undefined ? {} : parseProperties(readFileSync(properties, 'utf8'))),
    ...workerFromEnvironment(environment),
  }
  const levels = levelsInForce()
  const log = lineLog(systemClock, (line) => process.stderr.write(line), levels)
  const settings = await withoutReferences(given, { environment, clock: systemClock, log })
  const worker = await startLocal({
    properties: parseWorker(settings),
    handlers: {
      api: apiHandler,
      coordinator: coordinatorHandler,
      sink: sinkHandler,
      source: sourceHandler,
    },
    environment,
    log,
    levels,
  })
  process.stdout.write(`REST API at ${worker.url}\n`)

  let isClosing = false
  const close = () => {
    // A second signal does not wait.
    if (isClosing) process.exit(130)
    isClosing = true
    log.info('Stopping: tasks flush and give back what they hold')
    worker.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`connectless: stopping failed: ${messageOf(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
}
