/** The command `connectless`. What a command needs is loaded with it. */
import { readFileSync } from 'node:fs'
import { messageOf } from '../lib/errors.ts'
import { isKind, KINDS } from './vectors/kinds.ts'

const USAGE = `Usage: connectless start [worker.properties]
       connectless standalone worker.properties [connector.properties connector.json …]
       connectless mapping-front --upstream <endpoint> --bootstrap-servers <host:port,…> [--port 4577] [--delay-ms 1000]
                                 [--calls-per-second 15] [--state-file <path>]
       connectless vectors <${KINDS.join('|')}>
       connectless cost [name=value …] [--json]
       connectless --version

start runs api, coordinator, source and sink functions in one process; processes that share a store share the tasks.
standalone runs one worker for the connectors of these files, as connect-standalone does: offset.storage.file.filename keeps
source offsets, connectors end with the process. A file holds properties, or JSON: a config with its name, or {"name", "config", "initial_state"}.

Properties are Kafka Connect's (bootstrap.servers, group.id, listeners, key.converter, offset.flush.interval.ms, …);
CONNECT_… variables of the environment, as its container image has them, win over the file:
CONNECT_BOOTSTRAP_SERVERS=127.0.0.1:9092 connectless start

Properties beyond Kafka Connect's: store (sqlite:<path> or dynamodb:<table>), rest.basic.users, task.restart.max, task.restart.backoff.ms,
task.restart.backoff.max.ms, idle.timeout.ms, lease.ttl.ms, lease.renewal.ms.

mapping-front is Lambda's API with working Kafka event source mappings, before an emulator of AWS that has none (docs/mapping-front.md).
cost tells what a deployment costs in AWS a month: docs/cost.md.

vectors answers conformance vectors, JSON lines from standard input, on standard output.
`

const PACKAGE = new URL('../package.json', import.meta.url)
// The package's own file.
const VERSION = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { readonly version: string }).version

const [command, word, ...more] = process.argv.slice(2)
try {
  if ([command, word].some((one) => one === '--help' || one === 'help')) leave(USAGE, 0)
  else if (command === '--version') leave(`${VERSION}\n`, 0)
  else if (command === 'start' && more.length === 0) await (await import('./start.ts')).start(word)
  else if (command === 'standalone' && word !== undefined)
    await (await import('./standalone.ts')).standalone(word, more)
  else if (command === 'mapping-front')
    await (await import('./mapping-front.ts')).mappingFront(process.argv.slice(3))
  else if (command === 'cost') {
    const { cost } = await import('./cost.ts')
    leave(cost(process.argv.slice(3)), 0)
  } else if (command === 'vectors' && isKind(word) && more.length === 0) {
    const { answerVectors } = await import('./vectors/index.ts')
    await answerVectors(word, process.stdin, process.stdout)
  } else
    leave(
      `${command === undefined ? '' : `Not understood: ${process.argv.slice(2).join(' ')}\n\n`}${USAGE}`,
      2,
    )
} catch (error) {
  leave(`connectless: ${messageOf(error)}\n`, 1)
}

function leave(text: string, code: number): void {
  ;(code === 0 ? process.stdout : process.stderr).write(text)
  process.exit(code)
}
