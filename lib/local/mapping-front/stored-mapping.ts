import type { FunctionPlace } from './functions.ts'

export type GroupConfig = { readonly ConsumerGroupId?: string }

/** The members of a checked creation that have a meaning here; the shapes of Lambda's API. */
export type MappingConfig = {
  readonly FunctionName: string
  readonly Enabled?: boolean
  readonly EventSourceArn?: string
  readonly SelfManagedEventSource?: {
    readonly Endpoints: { readonly KAFKA_BOOTSTRAP_SERVERS: readonly string[] }
  }
  readonly Topics: readonly string[]
  readonly StartingPosition: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP'
  /** s since 1970 */
  readonly StartingPositionTimestamp?: number
  readonly BatchSize?: number
  readonly MaximumBatchingWindowInSeconds?: number
  readonly SourceAccessConfigurations?: readonly { readonly Type: string; readonly URI: string }[]
  readonly FunctionResponseTypes?: readonly string[]
  readonly ProvisionedPollerConfig?: PollerConfig
  readonly MetricsConfig?: { readonly Metrics?: readonly string[] }
  readonly LoggingConfig?: object
  readonly AmazonManagedKafkaEventSourceConfig?: GroupConfig
  readonly SelfManagedKafkaEventSourceConfig?: GroupConfig
  readonly Tags?: Readonly<Record<string, string>>
}

export type PollerConfig = {
  readonly MinimumPollers?: number
  readonly MaximumPollers?: number
  readonly PollerGroupName?: string
}

export type Lasting = 'Enabled' | 'Disabled'
export const PASSING = ['Creating', 'Enabling', 'Disabling', 'Updating', 'Deleting'] as const
export type Passing = (typeof PASSING)[number]

export type StoredMapping = {
  readonly uuid: string
  readonly function: FunctionPlace
  readonly config: MappingConfig
  readonly group: string
  readonly state: Lasting | Passing
  /** What it goes to when its present state is over. */
  readonly next: Lasting | 'gone'
  /** When that is, in ms since 1970; none of a state that lasts. */
  readonly until?: number
  /** ms since 1970 */
  readonly modified: number
}

export const isPassing = ({ state }: StoredMapping): boolean =>
  state !== 'Enabled' && state !== 'Disabled'

/** Whether the poller calls the function: until a transition has come to its end, as AWS's does. */
export function pollingIn({ state, next }: StoredMapping): 'on' | 'off' | 'as before' {
  if (state === 'Deleting') return 'as before'
  if (state === 'Enabled' || state === 'Disabling') return 'on'
  return state === 'Updating' && next === 'Enabled' ? 'on' : 'off'
}

/** As Lambda's API answers. */
export function shown(mapping: StoredMapping, result: string): object {
  const { uuid, function: place, config, group } = mapping
  const { FunctionName: _, Enabled: __, Tags: ___, ...rest } = config
  const groupConfig = { ConsumerGroupId: group }
  return {
    BatchSize: DEFAULT_BATCH_SIZE,
    ...rest,
    ...('EventSourceArn' in config
      ? { AmazonManagedKafkaEventSourceConfig: groupConfig }
      : { SelfManagedKafkaEventSourceConfig: groupConfig }),
    UUID: uuid,
    FunctionArn: place.arn,
    EventSourceMappingArn: `${place.arn.split(':').slice(0, 5).join(':')}:event-source-mapping:${uuid}`,
    LastModified: mapping.modified / 1000,
    LastProcessingResult: result,
    State: mapping.state,
    StateTransitionReason: 'USER_INITIATED',
  }
}

export const DEFAULT_BATCH_SIZE = 100
