import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { messageOf, RetriableError } from '../../errors.ts'
import type { KafkaSettings } from '../../kafka/client.ts'
import type { LogPlace } from '../../kafka/offsets.ts'
import type { Clock, Log, Topics } from '../../ports.ts'
import type { InvokeSink } from '../kafka-delivery.ts'
import { kafkaPoller, type Polling } from '../kafka-poller.ts'
import { firstFailed } from './batch-answer.ts'
import { DEFAULT_BATCH_SIZE, type MappingConfig, type StoredMapping } from './stored-mapping.ts'

/** What a mapping says of its last call; AWS's words. */
export const NOTHING_YET = 'No records processed'
const OK = 'OK'
const FAILED = 'PROBLEM: Function call failed'

export type Feeding = {
  readonly kafka: KafkaSettings
  readonly topics: Topics
  readonly client: LambdaClient
  readonly clock: Clock
  readonly log: Log
}

/** Kafka mappings have half a second by default. */
const DEFAULT_WINDOW_MS = 500

/** Polls a mapping's topic into its function until it is stopped; `say` is told how each call ended. */
export function feed(
  of: Feeding,
  { uuid, config, group, function: { arn } }: StoredMapping,
  say: (result: string) => void,
): Polling {
  const invokeSink: InvokeSink = async (event) => {
    try {
      const answer = await invoke(of.client, arn, event)
      say(OK)
      return answer
    } catch (error) {
      say(FAILED)
      throw error
    }
  }
  const window = config.MaximumBatchingWindowInSeconds
  const poller = kafkaPoller({
    ...of,
    invokeSink,
    eventSource: sourceOf(config),
    ...(takesPartialAnswers(config) && { givenBack: firstFailed }),
    settings: {
      batchSize: config.BatchSize ?? DEFAULT_BATCH_SIZE,
      windowMs: window === undefined ? DEFAULT_WINDOW_MS : window * 1000,
      beginAt: beginningOf(config),
    },
  })
  return poller({ connector: uuid, topic: config.Topics[0] ?? '', group, enabled: true })
}

/** Without provisioned pollers Lambda does not look at what a function answers. */
const takesPartialAnswers = (config: MappingConfig): boolean =>
  config.ProvisionedPollerConfig !== undefined &&
  config.FunctionResponseTypes?.[0] === 'ReportBatchItemFailures'

const sourceOf = ({ EventSourceArn, SelfManagedEventSource }: MappingConfig) => ({
  ...(EventSourceArn !== undefined && { eventSourceArn: EventSourceArn }),
  ...(SelfManagedEventSource && {
    bootstrapServers: SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS.join(','),
  }),
})

function beginningOf({ StartingPosition, StartingPositionTimestamp }: MappingConfig): LogPlace {
  if (StartingPosition === 'AT_TIMESTAMP') return { since: (StartingPositionTimestamp ?? 0) * 1000 }
  return StartingPosition === 'LATEST' ? 'end' : 'earliest'
}

async function invoke(client: LambdaClient, arn: string, event: object): Promise<unknown> {
  const command = new InvokeCommand({ FunctionName: arn, Payload: JSON.stringify(event) })
  const { FunctionError, Payload } = await client.send(command).catch((cause: unknown) => {
    throw new RetriableError(`invoking ${arn}: ${messageOf(cause)}`, { cause })
  })
  const text = Payload?.transformToString() ?? ''
  if (FunctionError !== undefined)
    throw new RetriableError(`${arn} answered ${FunctionError}: ${text.slice(0, 500)}`)
  return text === '' ? undefined : JSON.parse(text)
}
