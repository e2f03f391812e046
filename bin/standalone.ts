/** The command `standalone`: one worker, its connectors from files, its source offsets in a file. */
import { readFileSync } from 'node:fs'
import { parseStandalone, parseWorker } from '../lib/config/worker-config.ts'
import { messageOf } from '../lib/errors.ts'
import {
  ConnectorFileError,
  createFromFile,
  readConnectorFile,
  refuseTwice,
} from '../lib/local/connector-file.ts'
import { openOffsetFile } from '../lib/local/offset-file.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'
import { runLocal, workerSettings } from './run-local.ts'

/** Kafka Connect's exit codes of ConnectStandalone. */
const STOPPED_BY_ERROR = 2
const STOPPED_BY_CONNECTOR = 3

/** Resolves once its connectors are made and the REST API answers; the process goes on until it gets a signal. */
export async function standalone(
  workerFile: string,
  connectorFiles: readonly string[],
): Promise<void> {
  try {
    await run(workerFile, connectorFiles)
  } catch (error) {
    const isConnector = error instanceof ConnectorFileError
    const why = isConnector ? 'Stopping after connector error' : 'Stopping due to error'
    process.stderr.write(`connectless: ${why}: ${messageOf(error)}\n`)
    process.exit(isConnector ? STOPPED_BY_CONNECTOR : STOPPED_BY_ERROR)
  }
}

async function run(workerFile: string, connectorFiles: readonly string[]): Promise<void> {
  const settings = await workerSettings(workerFile)
  // Before the offset file is touched: a worker that cannot be, or a file that cannot be read.
  parseWorker(settings)
  const { 'offset.storage.file.filename': offsets } = parseStandalone(settings)
  const connectors = connectorFiles.map(read)
  refuseTwice(connectors)
  await runLocal(settings, openOffsetFile(offsets, systemClock), async (ports, plugins) => {
    for (const connector of connectors) await createFromFile(connector, ports, plugins)
  })
}

function read(path: string) {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ConnectorFileError(messageOf(cause), { cause })
  }
  return readConnectorFile(path, text)
}
