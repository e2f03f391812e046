/** The command `connectless`: hands the handlers to lib/local. */
import { readFileSync } from 'node:fs'
import { apiHandler } from '../functions/api.ts'
import { coordinatorHandler } from '../functions/coordinator.ts'
import { sinkHandler } from '../functions/sink.ts'
import { sourceHandler } from '../functions/source.ts'
import type { RawConfig } from '../lib/config/config-def.ts'
import { parseProperties, parseWorker, workerFromEnvironment } from '../lib/config/worker-config.ts'
import { messageOf } from '../lib/errors.ts'
import { lineLog } from '../lib/local/line-log.ts'
import { startLocal } from '../lib/local/start.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'

const USAGE = `Usage: connectless start [worker.properties]
       connectless --version

Runs api, coordinator, source and sink functions in one process.
Properties are Kafka Connect's (bootstrap.servers, group.id, listeners, key.converter, offset.flush.interval.ms, …);
CONNECT_… variables of the environment, as its container image has them, win over the file:
CONNECT_BOOTSTRAP_SERVERS=127.0.0.1:9092 connectless start

Properties beyond Kafka Connect's: store (sqlite:<path> or dynamodb:<table>), idle.timeout.ms, lease.ttl.ms, lease.renewal.ms.
`

/** In local mode nobody pays for an idle task: it stays, and new rows are seen at once. */
const LOCAL_DEFAULTS: RawConfig = { 'idle.timeout.ms': '-1' }

const PACKAGE = new URL('../package.json', import.meta.url)
// The package's own file.
const VERSION = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { readonly version: string }).version

const log = lineLog(systemClock, (line) => process.stderr.write(line))
const [command, file, ...more] = process.argv.slice(2)
try {
  const isHelp = [command, file].some((word) => word === '--help' || word === 'help')
  if (isHelp) leave(USAGE, 0)
  else if (command === '--version') leave(`${VERSION}\n`, 0)
  else if (command === 'start' && more.length === 0) await start(file)
  else
    leave(
      `${command === undefined ? '' : `Not understood: ${process.argv.slice(2).join(' ')}\n\n`}${USAGE}`,
      2,
    )
} catch (error) {
  leave(`connectless: ${messageOf(error)}\n`, 1)
}

async function start(properties: string | undefined): Promise<void> {
  const settings = parseWorker({
    ...LOCAL_DEFAULTS,
    ...(properties === undefined ? {} : parseProperties(readFileSync(properties, 'utf8'))),
    ...workerFromEnvironment(process.env),
  })
  const worker = await startLocal(
    settings,
    { api: apiHandler, coordinator: coordinatorHandler, sink: sinkHandler, source: sourceHandler },
    log,
  )
  process.stdout.write(`REST API at ${worker.url}\n`)

  let isClosing = false
  const close = () => {
    // A second signal does not wait.
    if (isClosing) process.exit(130)
    isClosing = true
    log.info('Stopping: tasks flush and give back what they hold')
    worker.close().then(
      () => process.exit(0),
      (error: unknown) => leave(`connectless: stopping failed: ${messageOf(error)}\n`, 1),
    )
  }
  process.on('SIGINT', close)
  process.on('SIGTERM', close)
}

function leave(text: string, code: number): void {
  ;(code === 0 ? process.stdout : process.stderr).write(text)
  process.exit(code)
}
