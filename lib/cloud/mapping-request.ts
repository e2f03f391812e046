import type {
  CreateEventSourceMappingCommandInput,
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
}

export const aliasArn = (functionArn: string, connector: string): string =>
  `${functionArn}:${aliasOf(connector)}`

/** @throws ConfigError when Lambda takes no group of this name. */
export function mappingRequest(
  settings: MappingSettings,
  mapping: Mapping,
): CreateEventSourceMappingCommandInput {
  // The pattern of ConsumerGroupId in Lambda's API.
  if (!/^[a-zA-Z0-9-/*:_+=.@-]{1,200}$/.test(mapping.group))
    throw new ConfigError(
      `AWS Lambda takes no consumer group named ${mapping.group}: at most 200 of letters, digits and -/*:_+=.@`,
    )
  return {
    FunctionName: aliasArn(settings.sinkArn, mapping.connector),
    Topics: [mapping.topic],
    // As a sink of Kafka Connect begins; and with LATEST records are missed that come before the first poll.
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 10_000,
    Enabled: mapping.enabled,
    ...clusterRequest(settings.cluster, { ConsumerGroupId: mapping.group }),
    ...(settings.access.length > 0 && { SourceAccessConfigurations: [...settings.access] }),
  }
}

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
