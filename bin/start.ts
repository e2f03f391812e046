/** The command `start`: a worker of those that share a store. */
import { parseWorker } from '../lib/config/worker-config.ts'
import { openStores } from '../lib/local/open-stores.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'
import { runLocal, workerSettings } from './run-local.ts'

/** Resolves once the REST API answers; the process goes on until it gets a signal. */
export async function start(file: string | undefined): Promise<void> {
  const settings = await workerSettings(file)
  await runLocal(settings, await openStores(parseWorker(settings).store, systemClock))
}
