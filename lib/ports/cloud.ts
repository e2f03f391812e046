/** What wakes functions, and what is made in the cloud for connectors. */

/** What the schedule of a source task, a nudge or a mapping's set-up hand to a function. */
export type TaskEvent = { readonly connector: string; readonly task: number }
/** `lost`: tasks whose invocation has died; nobody runs them any more. */
export type CoordinatorEvent = { readonly connector?: string; readonly lost?: readonly number[] }

/** What Lambda sends to a function's failure destination, of an asynchronous invoke that failed or was given up. */
export type FailureRecord = {
  readonly version: string
  readonly timestamp: string
  readonly requestContext: {
    readonly requestId: string
    readonly functionArn: string
    /** RetriesExhausted, EventAgeExceeded */
    readonly condition: string
    readonly approximateInvokeCount: number
  }
  readonly requestPayload: unknown
  /** absent: it was never begun */
  readonly responseContext?: {
    readonly statusCode: number
    readonly executedVersion: string
    readonly functionError?: string
  }
  readonly responsePayload?: unknown
}

export type Schedules = {
  /** One a source task; firing invokes the source function with the event. Making one that exists changes nothing. */
  ensure(event: TaskEvent): Promise<void>
  remove(event: TaskEvent): Promise<void>
  /** The tasks of the connector that have a schedule. */
  list(connector: string): Promise<number[]>
}

export type Mapping = {
  readonly connector: string
  readonly topic: string
  readonly group: string
  readonly enabled: boolean
}

/** Kafka event source mappings: each feeds one topic into the sink function on behalf of one connector. */
export type Mappings = {
  /** Makes it, or enables or disables the one there is. */
  ensure(mapping: Mapping): Promise<void>
  remove(connector: string, topic: string): Promise<void>
  /** `waiting`: why it is not delivering, such as a topic that does not exist yet. */
  list(connector: string): Promise<readonly (Mapping & { readonly waiting?: string })[]>
  /** Removes what the connector's mappings stood on, once there are none; left out: they stand on nothing. */
  clear?(connector: string): Promise<void>
}

/** What there is in the cloud, whoever it was made for. `known` gives the names of all connectors, and is asked after the cloud was. */
export type Remains = {
  /** Connectors that have schedules and are not known. */
  schedules(known: () => Promise<readonly string[]>): Promise<string[]>
  /** Connectors that have mappings or an alias and are not known, or have an alias and no mapping. */
  mappings(known: () => Promise<readonly string[]>): Promise<string[]>
}

/** Which connector an invocation of the sink function is for: Lambda's Kafka event does not tell, the invoked ARN's alias does. */
export type Aliases = {
  /** @throws NotFoundError when the ARN has no alias, or none that a connector was given. */
  connectorOf(invokedFunctionArn: string): Promise<string>
  /**
   * Has the connectors' aliases invoke the version that is live, while it may go on; those that many or slow calls leave over, the next time.
   * Two at once put nothing back.
   */
  follow(mayGoOn?: () => boolean): Promise<void>
  /** Whether the poller that invokes this ARN reads which records an answer gives back, now; left out: it does not. */
  readsAnswers?(invokedFunctionArn: string): Promise<boolean>
}

/** What was made at run time and does not go with the deployment. */
export type Leftovers = {
  /** Has all of it removed as long as there is time. @returns how much there was; 0: it is all gone. */
  clear(hasTime: () => boolean): Promise<number>
}

/** Asynchronous invokes: they return when the event is accepted. */
export type Invoker = {
  source(event: TaskEvent): Promise<void>
  sink(event: TaskEvent): Promise<void>
  coordinator(event: CoordinatorEvent): Promise<void>
}

/** Where people see all connectors at one glance; in local mode Prometheus' friends make their own. */
export type Dashboards = {
  /** One row a connector, as far as there is room. The same again changes nothing. @throws RetriableError, ConnectError */
  show(connectors: readonly ShownConnector[]): Promise<void>
}

export type ShownConnector = {
  readonly name: string
  readonly kind: 'source' | 'sink' | 'unknown'
  readonly tasks: number
}
