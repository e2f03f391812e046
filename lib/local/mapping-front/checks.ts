/** What Lambda asks of a request beyond the service model's shapes. */
import { CREATE_ONLY, CREATION, UPDATE } from './model.ts'
import { invalid, Refusal } from './refusal.ts'
import { faultsOf, isObject, type Json, type Shape } from './shape.ts'
import type { MappingConfig, PollerConfig, StoredMapping } from './stored-mapping.ts'

/** @throws Refusal */
export function checkedCreation(body: unknown, nowMs: number): MappingConfig {
  const given = shaped(body, CREATION)
  refuseOtherSources(given)
  refuseUndone(given)
  if (given.Topics === undefined) throw invalid('Topics: one Kafka topic must be specified.')
  checkSource(given)
  checkStart(given, nowMs)
  const config = given as MappingConfig // what its type says has just been looked at
  checkAccess(config)
  checkPollers(config.ProvisionedPollerConfig)
  return withoutEmpty(config)
}

/** The mapping's configuration with the changes in it. @throws Refusal */
export function checkedUpdate(body: unknown, { config, group }: StoredMapping): MappingConfig {
  if (isObject(body)) {
    const fixed = CREATE_ONLY.filter((name) => body[name] !== undefined && body[name] !== null)
    if (fixed.length > 0)
      throw invalid(`${fixed.join(', ')} cannot be updated. Create a new event source mapping.`)
  }
  const given = shaped(body, UPDATE)
  refuseOtherSources(given)
  refuseUndone(given)
  const own = 'EventSourceArn' in config ? MSK_GROUP : SELF_MANAGED_GROUP
  const other = own === MSK_GROUP ? SELF_MANAGED_GROUP : MSK_GROUP
  if (given[other]) throw invalid(`${other} is not supported for this event source.`)
  const named = given[own] as MappingConfig[typeof own] // its shape was checked
  if (named?.ConsumerGroupId !== undefined && named.ConsumerGroupId !== group)
    throw invalid('ConsumerGroupId cannot be updated.')
  const changed = { ...config, ...given } as MappingConfig // two of checked shape
  checkAccess(changed)
  checkPollers(changed.ProvisionedPollerConfig)
  return withoutEmpty(changed)
}

/** @throws Refusal for a value of the path or the query */
export function checkedText(value: string, shape: Shape, name: string): string {
  const isNumber = shape.kind === 'integer'
  throwIfAny(faultsOf(isNumber ? Number(value) : value, shape, name))
  return value
}

const MSK_GROUP = 'AmazonManagedKafkaEventSourceConfig'
const SELF_MANAGED_GROUP = 'SelfManagedKafkaEventSourceConfig'

/** Without members that are null. */
function shaped(body: unknown, shape: Shape): Json {
  if (!isObject(body))
    throw new Refusal('InvalidRequestContentException', 'Could not parse request body into json')
  throwIfAny(faultsOf(body, shape, ''))
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
}

function throwIfAny(faults: ReturnType<typeof faultsOf>): void {
  const content = faults.find((fault) => 'content' in fault)
  if (content) throw new Refusal('InvalidRequestContentException', content.content)
  const constraints = faults.flatMap((fault) => ('constraint' in fault ? [fault.constraint] : []))
  if (constraints.length === 0) return
  const count = `${constraints.length} validation error${constraints.length > 1 ? 's' : ''} detected`
  throw new Refusal('ValidationException', `${count}: ${constraints.join('; ')}`)
}

const OF_OTHER_SOURCES = [
  'ScalingConfig',
  'ParallelizationFactor',
  'TumblingWindowInSeconds',
  'Queues',
  'DocumentDBEventSourceConfig',
]

function refuseOtherSources(given: Json): void {
  const other = OF_OTHER_SOURCES.find((name) => given[name] !== undefined)
  if (other) throw invalid(`${other} is not supported for Apache Kafka event sources.`)
}

/** What Lambda does and the front does not is refused: passed over it would be a promise. */
function refuseUndone(given: Json): void {
  const isAsked: Readonly<Record<string, boolean>> = {
    FilterCriteria: hasContent(given.FilterCriteria),
    DestinationConfig: hasContent(given.DestinationConfig),
    BisectBatchOnFunctionError: given.BisectBatchOnFunctionError === true,
    MaximumRetryAttempts: (given.MaximumRetryAttempts ?? -1) !== -1,
    MaximumRecordAgeInSeconds: (given.MaximumRecordAgeInSeconds ?? -1) !== -1,
    KMSKeyArn: (given.KMSKeyArn ?? '') !== '',
    SchemaRegistryConfig: [MSK_GROUP, SELF_MANAGED_GROUP].some(
      (name) => isObject(given[name]) && given[name].SchemaRegistryConfig !== undefined,
    ),
    'ConsumptionMode Queue':
      isObject(given[SELF_MANAGED_GROUP]) && given[SELF_MANAGED_GROUP].ConsumptionMode === 'Queue',
  }
  const undone = Object.keys(isAsked).find((name) => isAsked[name])
  if (undone) throw invalid(`${undone} is not supported by this mapping front.`)
}

const hasContent = (value: unknown): boolean =>
  isObject(value) && Object.values(value).some((one) => !isObject(one) || hasContent(one))

function checkSource(given: Json): void {
  const { EventSourceArn: arn, SelfManagedEventSource: own } = given
  if ((arn === undefined) === (own === undefined))
    throw invalid(
      arn === undefined
        ? 'Either EventSourceArn or SelfManagedEventSource must be specified.'
        : 'EventSourceArn and SelfManagedEventSource cannot be specified together.',
    )
  if (
    arn !== undefined &&
    !/^arn:[^:]+:kafka:[^:]+:\d{12}:(cluster|vpc-connection)\//.test(String(arn))
  )
    throw invalid(
      `Unrecognized event source: ${arn}. This mapping front knows those of Apache Kafka.`,
    )
  if (isObject(own) && own.Endpoints === undefined)
    throw invalid('SelfManagedEventSource must have Endpoints.')
  const wrong = arn === undefined ? MSK_GROUP : SELF_MANAGED_GROUP
  if (given[wrong] !== undefined) throw invalid(`${wrong} is not supported for this event source.`)
}

function checkStart(given: Json, nowMs: number): void {
  const { StartingPosition: start, StartingPositionTimestamp: at } = given
  if (start === undefined)
    throw invalid('StartingPosition is required for Apache Kafka event sources.')
  if (start === 'AT_TIMESTAMP' && at === undefined)
    throw invalid('StartingPositionTimestamp is required when StartingPosition is AT_TIMESTAMP.')
  if (start !== 'AT_TIMESTAMP' && at !== undefined)
    throw invalid(
      'StartingPositionTimestamp is allowed only when StartingPosition is AT_TIMESTAMP.',
    )
  if (Number(at) * 1000 > nowMs) throw invalid('StartingPositionTimestamp cannot be in the future.')
}

const SECRETS = [
  'BASIC_AUTH',
  'SASL_SCRAM_512_AUTH',
  'SASL_SCRAM_256_AUTH',
  'CLIENT_CERTIFICATE_TLS_AUTH',
  'SERVER_ROOT_CA_CERTIFICATE',
]
const OF_MSK = [
  'SASL_SCRAM_512_AUTH',
  'CLIENT_CERTIFICATE_TLS_AUTH',
  'IAM_AUTH',
  'IAM_OAUTHBEARER_AUTH',
]
const PREFIXES: Readonly<Record<string, string>> = {
  VPC_SUBNET: 'subnet:',
  VPC_SECURITY_GROUP: 'security_group:',
}

function checkAccess({ EventSourceArn, SourceAccessConfigurations }: MappingConfig): void {
  const all = SourceAccessConfigurations ?? []
  for (const { Type, URI } of all) {
    if (Type === undefined || URI === undefined)
      throw invalid('Each of SourceAccessConfigurations must have a Type and a URI.')
    if (Type === 'VIRTUAL_HOST' || (EventSourceArn !== undefined && !OF_MSK.includes(Type)))
      throw invalid(`SourceAccessConfigurations: ${Type} is not supported for this event source.`)
    if (SECRETS.includes(Type) && !/^arn:[^:]+:secretsmanager:/.test(URI))
      throw invalid(`SourceAccessConfigurations: ${Type} must be the ARN of a secret, not ${URI}.`)
    if (!URI.startsWith(PREFIXES[Type] ?? ''))
      throw invalid(
        `SourceAccessConfigurations: ${Type} must begin with ${PREFIXES[Type]}, not ${URI}.`,
      )
  }
  const has = (type: string) => all.some(({ Type }) => Type === type)
  if (has('VPC_SUBNET') !== has('VPC_SECURITY_GROUP'))
    throw invalid('SourceAccessConfigurations: VPC_SUBNET and VPC_SECURITY_GROUP go together.')
}

/** Of Kafka; the service model's maximum is that of another source. */
const MAX_POLLERS = 2_000
const DEFAULT_MAX_POLLERS = 200

function checkPollers(config: PollerConfig | undefined): void {
  const { MinimumPollers: min = 1, MaximumPollers: max = DEFAULT_MAX_POLLERS } = config ?? {}
  if (max > MAX_POLLERS) throw invalid(`MaximumPollers must be at most ${MAX_POLLERS}.`)
  if (min > max)
    throw invalid(`MinimumPollers (${min}) must be less than or equal to MaximumPollers (${max}).`)
}

/** An empty object or list takes back what was set. */
const withoutEmpty = (config: MappingConfig): MappingConfig =>
  // It has the members that its type asks for: those are not empty.
  Object.fromEntries(
    Object.entries(config).filter(
      ([, value]) => typeof value !== 'object' || Object.keys(value).length > 0,
    ),
  ) as MappingConfig
