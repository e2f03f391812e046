import type { MappingSettings } from '../lib/cloud/mapping-request.ts'
import { splitList } from '../lib/config/config-def.ts'
import { ConfigError } from '../lib/errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

type Delivery = Pick<
  MappingSettings,
  'batchSize' | 'windowSeconds' | 'pollers' | 'partialAnswers' | 'metrics'
>
type Metric = NonNullable<Delivery['metrics']>[number]

const METRICS: readonly string[] = ['EventCount', 'ErrorCount', 'KafkaMetrics'] satisfies Metric[]

/** How event source mappings deliver; what is left out is Lambda's default. @throws ConfigError naming the variable that is wrong. */
export function deliveryOf(environment: Environment): Delivery {
  const number = (name: string, least: number, most: number): number | undefined => {
    const text = environment[name]
    if (text === undefined) return undefined
    if (/^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
    throw new ConfigError(`${name} is ${text}, and should be a number from ${least} to ${most}`)
  }
  const batchSize = number('MAPPING_BATCH_SIZE', 1, 10_000)
  const windowSeconds = number('MAPPING_BATCHING_WINDOW_SECONDS', 0, 300)
  const pollers = pollersOf(
    number('MAPPING_MINIMUM_POLLERS', 1, 200),
    number('MAPPING_MAXIMUM_POLLERS', 1, 2_000),
    environment.MAPPING_POLLER_GROUP,
  )
  const metrics = metricsOf(environment)
  return {
    ...(batchSize !== undefined && { batchSize }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(pollers && { pollers }),
    ...(partialAnswersOf(environment, pollers) && { partialAnswers: true }),
    ...(metrics.length > 0 && { metrics }),
  }
}

function pollersOf(minimum?: number, maximum?: number, group?: string): Delivery['pollers'] {
  if (minimum === undefined && maximum === undefined) {
    if (group === undefined) return undefined
    throw new ConfigError(
      'MAPPING_POLLER_GROUP goes with MAPPING_MINIMUM_POLLERS or MAPPING_MAXIMUM_POLLERS',
    )
  }
  if ((minimum ?? 1) > (maximum ?? 200))
    throw new ConfigError(
      `MAPPING_MINIMUM_POLLERS is ${minimum ?? 1}, more than MAPPING_MAXIMUM_POLLERS, which is ${maximum ?? 200}`,
    )
  if (group !== undefined && !/^[a-zA-Z0-9_-]{1,128}$/.test(group))
    throw new ConfigError(
      `MAPPING_POLLER_GROUP is ${group}, and should be at most 128 of letters, digits, - and _`,
    )
  return {
    ...(minimum !== undefined && { MinimumPollers: minimum }),
    ...(maximum !== undefined && { MaximumPollers: maximum }),
    ...(group !== undefined && { PollerGroupName: group }),
  }
}

/** Without provisioned pollers Lambda does not look at answers, and what was given back would be lost. */
function partialAnswersOf(environment: Environment, pollers: Delivery['pollers']): boolean {
  const { MAPPING_PARTIAL_ANSWERS: text = 'false' } = environment
  if (text !== 'true' && text !== 'false')
    throw new ConfigError(`MAPPING_PARTIAL_ANSWERS is ${text}, and should be true or false`)
  if (text === 'true' && !pollers)
    throw new ConfigError(
      'MAPPING_PARTIAL_ANSWERS=true goes with MAPPING_MINIMUM_POLLERS or MAPPING_MAXIMUM_POLLERS',
    )
  return text === 'true'
}

function metricsOf({ MAPPING_METRICS: list }: Environment): readonly Metric[] {
  const names = splitList(list ?? '')
  const unknown = names.find((name) => !METRICS.includes(name))
  if (unknown !== undefined)
    throw new ConfigError(`MAPPING_METRICS has ${unknown}, and should be of ${METRICS.join(', ')}`)
  return names as Metric[] // none is unknown
}
