import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  EventSourceMappingMetric,
  ProvisionedPollerConfig,
  SourceAccessConfiguration,
} from '@aws-sdk/client-lambda'
import { ConfigError } from '../errors.ts'
import type { Mapping } from '../ports.ts'
import type { SinkFunction } from './lambda-aliases.ts'
import { aliasOf } from './names.ts'

export type MappingSettings = SinkFunction & {
  /** an MSK cluster by its ARN, or any other by its brokers */
  readonly cluster: { readonly arn: string } | { readonly bootstrapServers: readonly string[] }
  /** How the poller reaches the cluster and who it is there: subnets, security groups, secrets. */
  readonly access: readonly SourceAccessConfiguration[]
  /** records of an event at most; 10,000 by default, Lambda's most */
  readonly batchSize?: number
  /** how long records are waited for that fill an event; Lambda's half a second by default */
  readonly windowSeconds?: number
  /** provisioned mode; left out: Lambda scales by itself */
  readonly pollers?: ProvisionedPollerConfig
  /** whether Lambda reads which records the sink function gives back; with provisioned pollers */
  readonly partialAnswers?: true
  /** of the mapping in CloudWatch, at a price */
  readonly metrics?: readonly EventSourceMappingMetric[]
}

export const aliasArn = (functionArn: string, connector: string): string =>
  `${functionArn}:${aliasOf(connector)}`

/** @throws ConfigError when Lambda takes no group or topic of this name. */
export function mappingRequest(
  settings: MappingSettings,
  mapping: Mapping,
): CreateEventSourceMappingCommandInput {
  // The pattern of ConsumerGroupId in Lambda's API.
  if (!/^[a-zA-Z0-9-/*:_+=.@-]{1,200}$/.test(mapping.group))
    throw new ConfigError(
      `AWS Lambda takes no consumer group named ${mapping.group}: at most 200 of letters, digits and -/*:_+=.@`,
    )
  // The pattern of a topic there; Kafka takes one character, too.
  if (!/^[^.][a-zA-Z0-9\-_.]{1,248}$/.test(mapping.topic))
    throw new ConfigError(
      `AWS Lambda takes no topic named ${mapping.topic}: two characters at least, the first of them no dot`,
    )
  return {
    FunctionName: aliasArn(settings.sinkArn, mapping.connector),
    Topics: [mapping.topic],
    // As a sink of Kafka Connect begins; and with LATEST records are missed that come before the first poll.
    StartingPosition: 'TRIM_HORIZON',
    Enabled: mapping.enabled,
    ...deliveryRequest(settings),
    ...clusterRequest(settings.cluster, { ConsumerGroupId: mapping.group }),
    ...(settings.access.length > 0 && { SourceAccessConfigurations: [...settings.access] }),
  }
}

const MAX_BATCH_SIZE = 10_000

/** The settings for a mapping that there is; an empty member takes back what it has. The window's default cannot be restored. */
export const deliveryChange = (
  settings: MappingSettings,
  found: EventSourceMappingConfiguration,
): Delivery => ({
  ...(found.ProvisionedPollerConfig && { ProvisionedPollerConfig: {} }),
  ...(found.FunctionResponseTypes && { FunctionResponseTypes: [] }),
  ...(found.MetricsConfig && { MetricsConfig: { Metrics: [] } }),
  ...deliveryRequest(settings),
})

type Delivery = Pick<
  CreateEventSourceMappingCommandInput,
  | 'BatchSize'
  | 'MaximumBatchingWindowInSeconds'
  | 'ProvisionedPollerConfig'
  | 'FunctionResponseTypes'
  | 'MetricsConfig'
>

const deliveryRequest = ({
  batchSize = MAX_BATCH_SIZE,
  windowSeconds,
  pollers,
  partialAnswers,
  metrics,
}: MappingSettings): Delivery => ({
  BatchSize: batchSize,
  ...(windowSeconds !== undefined && { MaximumBatchingWindowInSeconds: windowSeconds }),
  ...(pollers && { ProvisionedPollerConfig: pollers }),
  ...(partialAnswers && { FunctionResponseTypes: ['ReportBatchItemFailures'] }),
  ...(metrics && { MetricsConfig: { Metrics: [...metrics] } }),
})

const clusterRequest = (
  cluster: MappingSettings['cluster'],
  group: { readonly ConsumerGroupId: string },
): Partial<CreateEventSourceMappingCommandInput> =>
  'arn' in cluster
    ? { EventSourceArn: cluster.arn, AmazonManagedKafkaEventSourceConfig: group }
    : {
        SelfManagedEventSource: {
          Endpoints: { KAFKA_BOOTSTRAP_SERVERS: [...cluster.bootstrapServers] },
        },
        SelfManagedKafkaEventSourceConfig: group,
      }
