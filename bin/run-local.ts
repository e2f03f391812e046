/** What the commands that run a worker on this machine share. */
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
import type { OpenStores } from '../lib/local/open-stores.ts'
import { startLocal } from '../lib/local/start.ts'
import { levelsInForce } from '../lib/monitoring/levelled-log.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { Log, Ports } from '../lib/ports.ts'
import { withoutReferences } from '../lib/secrets/worker-references.ts'

const levels = levelsInForce()
export const log: Log = lineLog(systemClock, (line) => process.stderr.write(line), levels)

/** In local mode nobody pays for an idle task: it stays, and new rows are seen at once. */
const LOCAL_DEFAULTS: RawConfig = { 'idle.timeout.ms': '-1' }

/** The worker properties of a file, and over them those of the environment. */
export async function workerSettings(file: string | undefined): Promise<RawConfig> {
  const environment = process.env
  const given: RawConfig = {
    ...LOCAL_DEFAULTS,
    ...(file === undefined ? {} : parseProperties(readFileSync(file, 'utf8'))),
    ...workerFromEnvironment(environment),
  }
  return withoutReferences(given, { environment, clock: systemClock, log })
}

/** Resolves once the REST API answers; the process goes on until it gets a signal. */
export async function runLocal(
  settings: RawConfig,
  stores: OpenStores,
  first?: (ports: Ports, plugins: Plugins) => Promise<void>,
): Promise<void> {
  const worker = await startLocal({
    properties: parseWorker(settings),
    stores,
    handlers: {
      api: apiHandler,
      coordinator: coordinatorHandler,
      sink: sinkHandler,
      source: sourceHandler,
    },
    environment: process.env,
    log,
    levels,
    ...(first && { first }),
  })
  process.stdout.write(`REST API at ${worker.url}\n`)
  closeOnSignal(worker.close)
}

function closeOnSignal(closeWorker: () => Promise<void>): void {
  let isClosing = false
  const close = () => {
    // A second signal does not wait.
    if (isClosing) process.exit(130)
    isClosing = true
    log.info('Stopping: tasks flush and give back what they hold')
    closeWorker().then(
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
