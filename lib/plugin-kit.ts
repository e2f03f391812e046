/** What `connectless/plugin` is: all that the author of a plugin needs. */
export type { ConfigDef, ConfigKey, Parsed, RawConfig } from './config/config-def.ts'
export { Password } from './config/password.ts'
export { DATE_SCHEMA, decimalSchema, TIME_SCHEMA, TIMESTAMP_SCHEMA } from './data/logical-types.ts'
export {
  type ConnectRecord,
  type Header,
  NO_HEADERS,
  type OffsetChange,
  type OffsetMap,
  type SinkRecord,
  type SourceRecord,
  type TopicOffsetChange,
} from './data/record.ts'
export type { Field, Schema, SchemaAndValue, SchemaType } from './data/schema.ts'
export { Decimal, Instant, type Struct, type Value } from './data/value.ts'
export { ConfigError, ConnectError, DataError, RetriableError } from './errors.ts'
export {
  type ConfiguredConverter,
  type ConfiguredPredicate,
  type ConfiguredTransform,
  converter,
  predicate,
  type SinkBatch,
  type SinkTask,
  type SinkTaskContext,
  type SourceTask,
  type SourceTaskContext,
  sinkConnector,
  sourceConnector,
  transform,
} from './plugin.ts'
export { keyOrValue } from './transforms/key-or-value.ts'
