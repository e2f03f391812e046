/** The command `mapping-front`: Kafka event source mappings for an emulator of AWS. */
import { parseArgs } from 'node:util'
import { ConfigError } from '../lib/errors.ts'
import { lineLog } from '../lib/local/line-log.ts'
import { startMappingFront } from '../lib/local/mapping-front/front.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'

const DEFAULT_PORT = 4577

/** Resolves once it listens; the process goes on until it gets a signal. */
export async function mappingFront(words: readonly string[]): Promise<void> {
  const options = optionsOf(words)
  const log = lineLog(systemClock, (line) => process.stderr.write(line))
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? 'us-east-1'
  const front = await startMappingFront({ ...options, region, log })
  process.stdout.write(`Mapping front at ${front.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void front.close().then(() => process.exit(0))
    })
}

function optionsOf(words: readonly string[]) {
  const { values } = parsed(words)
  const { upstream, 'bootstrap-servers': kafkaBootstrap, 'state-file': stateFile } = values
  if (upstream === undefined) throw new ConfigError('--upstream is missing')
  if (kafkaBootstrap === undefined) throw new ConfigError('--bootstrap-servers is missing')
  const numberOf = (name: 'port' | 'delay-ms' | 'calls-per-second', most: number) => {
    const value = values[name]
    if (value === undefined) return undefined
    if (/^\d{1,9}$/.test(value) && Number(value) <= most) return Number(value)
    throw new ConfigError(`--${name} ${value} is no number from 0 to ${most}`)
  }
  const delaysMs = numberOf('delay-ms', 60_000)
  const callsPerSecond = numberOf('calls-per-second', 1_000_000)
  return {
    upstream,
    kafkaBootstrap,
    port: numberOf('port', 65_535) ?? DEFAULT_PORT,
    ...(delaysMs !== undefined && { delaysMs }),
    ...(callsPerSecond !== undefined && { callsPerSecond }),
    ...(stateFile !== undefined && { stateFile }),
  }
}

function parsed(words: readonly string[]) {
  const value = { type: 'string' } as const
  return parseArgs({
    args: [...words],
    strict: true,
    options: {
      upstream: value,
      'bootstrap-servers': value,
      port: value,
      'delay-ms': value,
      'calls-per-second': value,
      'state-file': value,
    },
  })
}
