/** What Lambda's service model says of the requests for event source mappings, as far as Kafka has a part in them. */
import type { Members, Shape } from './shape.ts'

const string = (max: number, pattern?: string, min = 1): Shape => ({
  kind: 'string',
  min,
  max,
  ...(pattern !== undefined && { pattern }),
})
const integer = (min: number, max: number): Shape => ({ kind: 'integer', min, max })
const oneOf = (...of: string[]): Shape => ({ kind: 'enum', of })
const list = (of: Shape, min: number, max?: number): Shape => ({
  kind: 'list',
  of,
  min,
  ...(max !== undefined && { max }),
})
const structure = (members: Members): Shape => ({ kind: 'structure', members })
const boolean: Shape = { kind: 'boolean' }

const REGION = '(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}'
const ARN = `arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:(${REGION})?:(\\d{12})?:(.*)`

export const FUNCTION_NAME = string(
  256,
  `(arn:(aws[a-zA-Z\\-]*)?:lambda:)?(${REGION}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9\\-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9\\-_]+))?`,
)
export const EVENT_SOURCE_ARN = string(10_000, ARN, 0)
export const UUID: Shape = { kind: 'string', min: 36, max: 36 }
export const MAX_ITEMS = integer(1, 10_000)

const GROUP_ID = string(200, '[a-zA-Z0-9\\-\\/*:_+=.@]*')
const destination = structure({
  Destination: string(350, `$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|${ARN}`, 0),
})
const groupConfig = (more: Members = {}): Shape =>
  structure({
    ConsumerGroupId: GROUP_ID,
    SchemaRegistryConfig: structure({
      SchemaRegistryURI: string(10_000, '[a-zA-Z0-9\\-\\/*:_+=.@]*'),
      EventRecordFormat: oneOf('JSON', 'SOURCE'),
      AccessConfigs: list(structure({ Type: string(100), URI: EVENT_SOURCE_ARN }), 0),
      SchemaValidationConfigs: list(structure({ Attribute: oneOf('KEY', 'VALUE') }), 0),
    }),
    ...more,
  })

export const ACCESS_TYPES = [
  'BASIC_AUTH',
  'VPC_SUBNET',
  'VPC_SECURITY_GROUP',
  'SASL_SCRAM_512_AUTH',
  'SASL_SCRAM_256_AUTH',
  'VIRTUAL_HOST',
  'CLIENT_CERTIFICATE_TLS_AUTH',
  'SERVER_ROOT_CA_CERTIFICATE',
  'OAUTHBEARER_AUTH',
  'OAUTHBEARER_SCOPE',
  'OAUTHBEARER_AUDIENCE',
  'OAUTHBEARER_LOGICAL_CLUSTER',
  'OAUTHBEARER_IDENTITY_POOL',
  'IAM_AUTH',
  'IAM_OAUTHBEARER_AUTH',
] as const

/** What both requests may say. */
const changeable: Members = {
  FunctionName: FUNCTION_NAME,
  Enabled: boolean,
  BatchSize: integer(1, 10_000),
  FilterCriteria: structure({
    Filters: list(structure({ Pattern: string(4096, undefined, 0) }), 0),
  }),
  KMSKeyArn: string(10_000, '(arn:(aws[a-zA-Z\\-]*)?:[a-z0-9\\-.]+:.*)|()', 0),
  MetricsConfig: structure({
    Metrics: list(oneOf('EventCount', 'ErrorCount', 'KafkaMetrics'), 0, 3),
  }),
  LoggingConfig: structure({ SystemLogLevel: oneOf('DEBUG', 'INFO', 'WARN') }),
  ScalingConfig: structure({ MaximumConcurrency: integer(2, 1000) }),
  MaximumBatchingWindowInSeconds: integer(0, 300),
  ParallelizationFactor: integer(1, 10),
  DestinationConfig: structure({ OnSuccess: destination, OnFailure: destination }),
  MaximumRecordAgeInSeconds: integer(-1, 604_800),
  BisectBatchOnFunctionError: boolean,
  MaximumRetryAttempts: integer(-1, 10_000),
  TumblingWindowInSeconds: integer(0, 900),
  SourceAccessConfigurations: list(
    structure({ Type: oneOf(...ACCESS_TYPES), URI: string(200, '[ a-zA-Z0-9\\-\\/*:_+=.@]*') }),
    0,
    23,
  ),
  FunctionResponseTypes: list(oneOf('ReportBatchItemFailures'), 0, 1),
  AmazonManagedKafkaEventSourceConfig: groupConfig(),
  SelfManagedKafkaEventSourceConfig: groupConfig({ ConsumptionMode: oneOf('Stream', 'Queue') }),
  DocumentDBEventSourceConfig: structure({
    DatabaseName: string(63),
    CollectionName: string(57),
    FullDocument: oneOf('UpdateLookup', 'Default'),
  }),
  ProvisionedPollerConfig: structure({
    MinimumPollers: integer(1, 200),
    MaximumPollers: integer(1, 10_000),
    PollerGroupName: string(128, '[a-zA-Z0-9\\-_]*', 0),
  }),
}

/** Named in a creation, and never changed. */
const createOnly: Members = {
  EventSourceArn: EVENT_SOURCE_ARN,
  StartingPosition: oneOf('TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'),
  StartingPositionTimestamp: { kind: 'timestamp' },
  Tags: {
    kind: 'map',
    key: string(128, '([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*)'),
    value: string(256, '([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*)', 0),
  },
  Topics: list(string(249, '[^.]([a-zA-Z0-9\\-_.]+)'), 1, 1),
  Queues: list(string(1000), 1, 1),
  SelfManagedEventSource: structure({
    Endpoints: {
      kind: 'map',
      key: oneOf('KAFKA_BOOTSTRAP_SERVERS'),
      value: list(
        string(
          300,
          '(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9])\\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\\-]*[A-Za-z0-9]):[0-9]{1,5}',
        ),
        1,
        10,
      ),
      min: 1,
      max: 2,
    },
  }),
}

export const CREATION: Shape = {
  kind: 'structure',
  members: { ...changeable, ...createOnly },
  required: ['FunctionName'],
}
export const UPDATE: Shape = structure(changeable)
export const CREATE_ONLY: readonly string[] = Object.keys(createOnly)
