/**
 * What an author brings: connectors, the transforms and predicates that records pass, and the converters that stand between records and bytes. A plugin is one declaration;
 * its `config` is parsed, validated and documented from there. Plugins are named by their class name, as Kafka Connect's are.
 */
import type { ConfigDef, Parsed, RawConfig } from './config/config-def.ts'
import type { Classes } from './config/java-classes.ts'
import type {
  ConnectRecord,
  OffsetChange,
  OffsetMap,
  SinkRecord,
  SourceRecord,
  TopicOffsetChange,
} from './data/record.ts'
import type { Schema, SchemaAndValue } from './data/schema.ts'
import type { Value } from './data/value.ts'

export type Plugin = SourceConnector | SinkConnector | Converter | Transform | Predicate

type Declared<K extends string, D extends ConfigDef> = {
  readonly kind: K
  /** The class name that configs use: `com.github.taven.source.ExampleSourceConnector`. Simple names are aliases by themselves. */
  readonly name: string
  readonly version: string
  readonly doc: string
  readonly config: D
}

type Connector<K extends string, D extends ConfigDef> = Declared<K, D> & {
  /** The task class that `GET /connectors/{c}/tasks` shows as `task.class`. */
  readonly taskClass: string
  /**
   * What one key alone cannot tell: messages by key, in Kafka's words. Pure: no server is asked.
   * Called only when every key by itself is right.
   */
  readonly validate?: (config: Parsed<D>) => Readonly<Record<string, readonly string[]>>
  /**
   * What only the connector's server can tell: messages by key, never with a secret in them. Asked when a configuration is validated, not when a connector is made.
   * Makes one attempt of at most 5 s to connect, and ends at the signal; drivers are imported inside.
   */
  readonly probe?: (
    config: Parsed<D>,
    signal: AbortSignal,
  ) => Promise<Readonly<Record<string, readonly string[]>>>
}

export type SourceConnector<D extends ConfigDef = ConfigDef> = Connector<'source', D> & {
  /** Shares the work out into at most `maxTasks` configurations, `raw` and what each task adds. Pure, and the same for the same input. */
  readonly taskConfigs: (
    config: Parsed<D>,
    maxTasks: number,
    raw: RawConfig,
  ) => readonly RawConfig[]
  /**
   * Gives back a task that already works: connected, its tables found. Drivers are imported inside.
   * @throws RetriableError when the server cannot be reached now; any other error is the configuration's fault and fails the task.
   */
  readonly startTask: (config: Parsed<D>, context: SourceTaskContext) => Promise<SourceTask>
  readonly alterOffsets?: AlterOffsets<D, OffsetChange>
  /** Why a preview would do harm: messages by key, none when it would not. For one whose reading takes what is read away from the task itself. Pure. */
  readonly previewRefusal?: (config: Parsed<D>) => Readonly<Record<string, readonly string[]>>
}

/**
 * Judges a client's changes of offsets, before any is made, while the connector is stopped; a reset takes each stored one away. Pure.
 * True: the offsets say all there is to say. False, or no such function: the client is told to look after what the connector keeps elsewhere.
 * @throws to refuse them all; the message is the client's answer.
 */
type AlterOffsets<D extends ConfigDef, Change> = (
  config: Parsed<D>,
  changes: readonly Change[],
) => boolean

export type SourceTaskContext = TaskContext & {
  /** The stored offset of each partition asked for, in order; undefined where there is none. */
  readonly offsets: (
    partitions: readonly OffsetMap[],
  ) => Promise<readonly (OffsetMap | undefined)[]>
}

export type SourceTask = {
  /** How long to wait after a poll that found nothing. */
  readonly pollIntervalMs: number
  /**
   * The next records, in order; empty when there is nothing new: then it returns at once, the caller does the waiting.
   * It may be called for the next page while the one before is still on its way, so it keeps its own position.
   * @throws RetriableError to be started again from the stored offset; any other error fails the task.
   */
  poll(): Promise<readonly SourceRecord[]>
  /**
   * Whether the last poll may have left records behind that were there: asked as soon as it has returned some. Where a task reads several places in turn,
   * false says of all of them that they were read to their end since it last said so. Left out: only a poll that gives nothing says it; the lag shown is higher then than it is.
   */
  isBehind?(): boolean
  /** Closes connections; may be called while a poll is pending, and then ends it. Never throws. */
  stop(): Promise<void>
}

export type SinkConnector<D extends ConfigDef = ConfigDef> = Connector<'sink', D> & {
  readonly startTask: (config: Parsed<D>, context: SinkTaskContext) => Promise<SinkTask>
  readonly alterOffsets?: AlterOffsets<D, TopicOffsetChange>
}

export type SinkTaskContext = TaskContext & {
  /**
   * A record that cannot be written for a fault of its own. Returns when it is reported and may be left out.
   * @throws when `errors.tolerance` is none: let it pass through `put`.
   */
  readonly reportErrant: (record: SinkRecord, error: unknown) => Promise<void>
}

export type SinkTask = {
  /**
   * Returns when the target has every record; the offsets are committed then. Records of a topic partition come in offset order and must be written so.
   * @throws RetriableError to be given the same batch again; any other error fails the task.
   */
  put(records: readonly SinkRecord[], batch: SinkBatch): Promise<void>
  /** Closes connections. Never throws. */
  stop(): Promise<void>
}

/** One delivery. Two of the same partition can overlap only when the older one's process was frozen: it must not write any more. */
export type SinkBatch = {
  readonly id: string
  /** What is left of the time in which this delivery may write; zero or less: it may belong to another process by now. */
  readonly remainingMs: () => number
}

export type TaskContext = {
  readonly connector: string
  readonly task: number
  /** A line for somebody to act on. */
  readonly warn: (message: string, details?: Readonly<Record<string, unknown>>) => void
}

/** Between records and bytes. `configure` is called once a key, value or header position. */
export type Converter<D extends ConfigDef = ConfigDef> = Declared<'converter', D> & {
  /** For headers alone; any other converter serves keys, values and headers. */
  readonly headersOnly?: true
  readonly configure: (
    config: Parsed<D>,
    position: 'key' | 'value' | 'header',
  ) => ConfiguredConverter
}

export type ConfiguredConverter = {
  /** @throws DataError when the value does not fit its schema. null with no schema is null bytes: a tombstone. */
  readonly fromConnect: (topic: string, schema: Schema | null, value: Value) => Buffer | null
  /** @throws DataError, and nothing else, whatever the bytes. */
  readonly toConnect: (topic: string, bytes: Buffer | null) => SchemaAndValue
}

/** Changes each record on its way. One that comes for keys and for values is declared once: `lib/transforms/key-or-value.ts`. */
export type Transform<D extends ConfigDef = ConfigDef> = Declared<'transform', D> & {
  /** Called once a task and alias. @throws ConfigError for what one key alone cannot tell. */
  readonly configure: (config: Parsed<D>) => ConfiguredTransform
}

export type ConfiguredTransform = {
  /**
   * The record as it goes on, or null to drop it. A new record: the one given is never changed.
   * @throws DataError when the record does not suit; it is a matter of `errors.tolerance` then.
   */
  apply<R extends ConnectRecord>(record: R): R | null
}

/** Decides whether a transform applies to a record. */
export type Predicate<D extends ConfigDef = ConfigDef> = Declared<'predicate', D> & {
  readonly configure: (config: Parsed<D>) => ConfiguredPredicate
}

export type ConfiguredPredicate = { test(record: ConnectRecord): boolean }

/** A case of a transform or predicate, which is test and documentation both. What `have` leaves out is null, its topic `orders`. */
export type Example = {
  /** a sentence about behaviour */
  readonly title: string
  /** which of the two variants; left out: the only one there is, or `Value` */
  readonly on?: 'Key' | 'Value'
  readonly config: Readonly<Record<string, string>>
  readonly have: Partial<ConnectRecord>
  /** what is different afterwards; null: the record is dropped. Of a predicate: its answer */
  readonly want: Partial<ConnectRecord> | boolean | null
}

type WithoutKind<P> = Omit<P, 'kind'>

/** These declare their plugin with the types of `config` inferred; the registry holds them with those types erased. */
export const sourceConnector = <const D extends ConfigDef>(
  plugin: WithoutKind<SourceConnector<D>>,
): SourceConnector => ({ kind: 'source', ...plugin }) as unknown as SourceConnector

export const sinkConnector = <const D extends ConfigDef>(
  plugin: WithoutKind<SinkConnector<D>>,
): SinkConnector => ({ kind: 'sink', ...plugin }) as unknown as SinkConnector

export const converter = <const D extends ConfigDef>(
  plugin: WithoutKind<Converter<D>>,
): Converter => ({ kind: 'converter', ...plugin }) as unknown as Converter

export const transform = <const D extends ConfigDef>(
  plugin: WithoutKind<Transform<D>>,
): Transform => ({ kind: 'transform', ...plugin }) as unknown as Transform

export const predicate = <const D extends ConfigDef>(
  plugin: WithoutKind<Predicate<D>>,
): Predicate => ({ kind: 'predicate', ...plugin }) as unknown as Predicate

/** The plugins there are, by class name, simple name, or simple name without `Connector`. */
export type Plugins = {
  readonly all: readonly Plugin[]
  /** Whatever a configuration names as a class, plugin or not. */
  readonly classNamed: Classes
  /** @throws NotFoundError with Kafka Connect's text, which lists those there are. */
  readonly connector: (name: string) => SourceConnector | SinkConnector
  /** @throws NotFoundError */
  readonly converter: (name: string) => Converter
  /** @throws NotFoundError */
  readonly transform: (name: string) => Transform
  /** @throws NotFoundError */
  readonly predicate: (name: string) => Predicate
}
