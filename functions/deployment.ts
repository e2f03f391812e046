import type { SinkFunction } from '../lib/cloud/lambda-aliases.ts'
import type { MappingSettings } from '../lib/cloud/mapping-request.ts'
import type { ScheduleSettings } from '../lib/cloud/scheduler-schedules.ts'
import { type RawConfig, splitList } from '../lib/config/config-def.ts'
import { KAFKA_COMMIT, KAFKA_VERSION } from '../lib/config/kafka-version.ts'
import { USERS_KEY } from '../lib/config/rest-users.ts'
import {
  parseWorker,
  topicTrackingOf,
  type WorkerProperties,
  workerFromEnvironment,
} from '../lib/config/worker-config.ts'
import { ConfigError } from '../lib/errors.ts'
import type { Worker } from '../lib/ports.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a function's environment says of the deployment; infra/environment.yml writes it. */
export type Deployment = {
  readonly worker: Worker
  readonly properties: WorkerProperties
  readonly table: string
  /** ARNs, of the alias that is live */
  readonly functions: {
    readonly source: string
    readonly sink: string
    readonly coordinator: string
  }
  readonly schedules: ScheduleSettings
  readonly mappings: MappingSettings
}

/** @throws ConfigError naming the variable that is missing or wrong. */
export function deploymentOf(environment: Environment): Deployment {
  // A template cannot leave a variable out, so an empty one counts as absent.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const brokers = required(given, 'KAFKA_BOOTSTRAP_SERVERS')
  const properties = parseWorker({
    ...workerFromEnvironment(given),
    ...usersOf(given),
    'bootstrap.servers': brokers,
  })
  const functions = {
    source: required(given, 'SOURCE_FUNCTION_ARN'),
    sink: required(given, 'SINK_FUNCTION_ARN'),
    coordinator: required(given, 'COORDINATOR_FUNCTION_ARN'),
  }
  return {
    worker: workerOf(properties, given),
    properties,
    table: required(given, 'TABLE_NAME'),
    functions,
    schedules: {
      stage: required(given, 'STAGE'),
      group: required(given, 'SCHEDULE_GROUP'),
      targetArn: functions.source,
      roleArn: required(given, 'SCHEDULE_ROLE_ARN'),
    },
    mappings: {
      ...sinkFunctionOf(functions.sink),
      cluster: clusterOf(properties, given),
      access: accessOf(given),
    },
  }
}

// arn:aws:lambda:<region>:<account>:function:<name>:<alias>; without the alias it is the newest code that is invoked.
function sinkFunctionOf(arn: string): SinkFunction {
  const parts = arn.split(':')
  return { sinkArn: parts.slice(0, 7).join(':'), live: parts[7] }
}

function required(environment: Environment, name: string): string {
  const value = environment[name]
  if (value === undefined) throw new ConfigError(`The environment variable ${name} is missing`)
  return value
}

/** API Gateway asks AWS whether a caller that signs its requests may come in, so a user's name and password have no place there. */
const isSigned = (environment: Environment): boolean => environment.API_AUTHORIZATION === 'AWS_IAM'

function usersOf(environment: Environment): RawConfig {
  const { API_USERS_SECRET_ARN: arn } = environment
  if (arn === undefined) return {}
  if (!isSigned(environment)) return { [USERS_KEY]: `\${secretsmanager:${arn}}` }
  throw new ConfigError('API_USERS_SECRET_ARN goes with API_AUTHORIZATION=BASIC, not with AWS_IAM')
}

const workerOf = (properties: WorkerProperties, environment: Environment): Worker => ({
  id: `${required(environment, 'AWS_LAMBDA_FUNCTION_NAME')}/${required(environment, 'AWS_LAMBDA_LOG_STREAM_NAME')}`,
  groupId: properties['group.id'],
  version: KAFKA_VERSION,
  commit: KAFKA_COMMIT,
  kafkaClusterId: environment.KAFKA_CLUSTER_ID ?? '',
  converters: properties.converters,
  offsetFlushIntervalMs: properties['offset.flush.interval.ms'],
  leaseTtlMs: properties['lease.ttl.ms'],
  leaseRenewalMs: properties['lease.renewal.ms'],
  idleTimeoutMs: properties['idle.timeout.ms'],
  overrides: properties.overrides,
  rest: properties.rest,
  ...(!isSigned(environment) && !properties.rest.users && { access: 'nobody' }),
  taskRestarts: properties.taskRestarts,
  topicTracking: topicTrackingOf(properties),
  // There is one place to listen at, and it is not meant then.
  ...(properties['admin.listeners'] !== null && { admin: 'none' }),
})

const clusterOf = (
  properties: WorkerProperties,
  { MAPPING_CLUSTER_ARN: arn }: Environment,
): MappingSettings['cluster'] =>
  arn === undefined ? { bootstrapServers: properties['bootstrap.servers'] } : { arn }

function accessOf(environment: Environment): MappingSettings['access'] {
  // The poller of an MSK cluster runs where the cluster does.
  const isMsk = environment.MAPPING_CLUSTER_ARN !== undefined
  const network = isMsk
    ? []
    : [
        ...each(environment.MAPPING_SUBNET_IDS, 'VPC_SUBNET', 'subnet:'),
        ...each(environment.MAPPING_SECURITY_GROUP_IDS, 'VPC_SECURITY_GROUP', 'security_group:'),
      ]
  const type = environment.MAPPING_ACCESS_TYPE
  return [
    ...network,
    ...(type ? each(required(environment, 'MAPPING_ACCESS_SECRET_ARN'), type, '') : []),
    ...each(environment.MAPPING_ROOT_CA_SECRET_ARN, 'SERVER_ROOT_CA_CERTIFICATE', ''),
  ]
}

type Access = MappingSettings['access'][number]

const each = (list: string | undefined, type: string, prefix: string): Access[] =>
  splitList(list ?? '').map((item) => ({
    // Lambda refuses a type that it does not know.
    Type: type as Access['Type'],
    URI: prefix + item,
  }))
