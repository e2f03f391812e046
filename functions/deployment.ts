import type { SinkFunction } from '../lib/cloud/lambda-aliases.ts'
import type { MappingSettings } from '../lib/cloud/mapping-request.ts'
import type { ScheduleSettings } from '../lib/cloud/scheduler-schedules.ts'
import type { RawConfig } from '../lib/config/config-def.ts'
import { KAFKA_COMMIT, KAFKA_VERSION } from '../lib/config/kafka-version.ts'
import type { MetricLevel } from '../lib/config/metrics.ts'
import { USERS_KEY } from '../lib/config/rest-users.ts'
import {
  parseWorker,
  topicTrackingOf,
  type WorkerProperties,
  workerFromEnvironment,
} from '../lib/config/worker-config.ts'
import { ConfigError } from '../lib/errors.ts'
import type { Login } from '../lib/kafka/login.ts'
import type { Worker } from '../lib/ports.ts'
import { kafkaAccessOf } from './kafka-access.ts'
import { deliveryOf, type Environment } from './mapping-delivery.ts'

export type { Environment }

/** What a function's environment says of the deployment; infra/environment.yml writes it. */
export type Deployment = {
  readonly worker: Worker
  readonly properties: WorkerProperties
  /** the secrets by which source and sink log in to Kafka */
  readonly kafkaLogin: Login
  readonly table: string
  /** ARNs, of the alias that is live */
  readonly functions: {
    readonly source: string
    readonly sink: string
    readonly coordinator: string
  }
  readonly schedules: ScheduleSettings
  readonly mappings: MappingSettings
  /** how many control-plane calls this container makes of each service */
  readonly callsPerSecond: { readonly lambda: number; readonly scheduler: number }
  /** `namespace`: of this deployment alone, in CloudWatch */
  readonly metrics: {
    readonly namespace: string
    readonly stage: string
    readonly level: MetricLevel
  }
  /** left out: there is none */
  readonly dashboard?: { readonly name: string; readonly region: string }
}

/** @throws ConfigError naming the variable that is missing or wrong. */
export function deploymentOf(environment: Environment): Deployment {
  // A template cannot leave a variable out, so an empty one counts as absent.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const brokers = required(given, 'KAFKA_BOOTSTRAP_SERVERS')
  const access = kafkaAccessOf(given)
  const properties = parseWorker({
    ...access.client,
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
    kafkaLogin: access.login,
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
      access: access.mapping,
      ...deliveryOf(given),
    },
    callsPerSecond: callsPerSecondOf(given),
    metrics: {
      namespace: given.METRICS_NAMESPACE ?? `connectless/${required(given, 'STAGE')}`,
      stage: required(given, 'STAGE'),
      // One of them, as its declaration says.
      level: properties['metrics.recording.level'] as MetricLevel,
    },
    ...(given.DASHBOARD_NAME && {
      dashboard: { name: given.DASHBOARD_NAME, region: required(given, 'AWS_REGION') },
    }),
  }
}

// arn:aws:lambda:<region>:<account>:function:<name>:<alias>; without the alias it is the newest code that is invoked.
export function sinkFunctionOf(arn: string): SinkFunction {
  const parts = arn.split(':')
  return { sinkArn: parts.slice(0, 7).join(':'), live: parts[7] }
}

/** Lambda allows 15 control-plane calls a second to all of an account and region; coordinators that run beside each other share what is ours. */
function callsPerSecondOf(environment: Environment): Deployment['callsPerSecond'] {
  const coordinators = positive(environment, 'COORDINATORS', 1)
  return {
    lambda: positive(environment, 'LAMBDA_CALLS_PER_SECOND', 10) / coordinators,
    scheduler: positive(environment, 'SCHEDULER_CALLS_PER_SECOND', 25) / coordinators,
  }
}

function positive(environment: Environment, name: string, otherwise: number): number {
  const value = environment[name]
  if (value === undefined) return otherwise
  if (Number(value) > 0 && Number.isFinite(Number(value))) return Number(value)
  throw new ConfigError(
    `The environment variable ${name} must be a number above 0, and is ${value}`,
  )
}

function required(environment: Environment, name: string): string {
  const value = environment[name]
  if (value === undefined) throw new ConfigError(`The environment variable ${name} is missing`)
  return value
}

/** API Gateway itself asks whether a caller that signs its requests or shows a token may come in, so a user's name and password have no place there. */
const isSigned = (environment: Environment): boolean =>
  ['AWS_IAM', 'JWT'].includes(environment.API_AUTHORIZATION ?? '')

function usersOf(environment: Environment): RawConfig {
  const { API_USERS_SECRET_ARN: arn } = environment
  if (arn === undefined) return {}
  if (!isSigned(environment)) return { [USERS_KEY]: `\${secretsmanager:${arn}}` }
  throw new ConfigError(
    `API_USERS_SECRET_ARN goes with API_AUTHORIZATION=BASIC, not with ${environment.API_AUTHORIZATION}`,
  )
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
  ...(deliveryOf(environment).partialAnswers && { partialAnswers: true }),
  topicTracking: topicTrackingOf(properties),
  // There is one place to listen at, and it is not meant then.
  ...(properties['admin.listeners'] !== null && { admin: 'none' }),
})

const clusterOf = (
  properties: WorkerProperties,
  { MAPPING_CLUSTER_ARN: arn }: Environment,
): MappingSettings['cluster'] =>
  arn === undefined ? { bootstrapServers: properties['bootstrap.servers'] } : { arn }
