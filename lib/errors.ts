/** Every error thrown on purpose. Not retriable unless it says so. Across a plugin's border read `retriable` and `name`, never `instanceof`. */
export class ConnectError extends Error {
  readonly retriable: boolean = false
  override name = 'ConnectException'
  /** of the configuration, that the fault lies in; none where that is not known */
  readonly keys: readonly string[]

  constructor(message?: string, options?: ErrorOptions & { readonly keys?: readonly string[] }) {
    super(message, options)
    this.keys = options?.keys ?? []
  }
}

/** May heal by itself: the same call is worth repeating. */
export class RetriableError extends ConnectError {
  override readonly retriable = true
  override name = 'RetriableException'
}

/** A configuration value is missing or wrong; the message names the key. */
export class ConfigError extends ConnectError {
  override name = 'ConfigException'
}

/** A record or its bytes do not fit their schema or format. */
export class DataError extends ConnectError {
  override name = 'DataException'
}

/** A schema is put together wrongly. */
export class SchemaBuilderError extends DataError {
  override name = 'SchemaBuilderException'
}

/** A value cannot be carried over from one schema to another. */
export class SchemaProjectorError extends DataError {
  override name = 'SchemaProjectorException'
}

/** Text in an encoding that is not known. */
export class SerializationError extends ConnectError {
  override name = 'SerializationException'
}

/** An argument that the callee cannot work with; the name is Java's, which clients read in traces. */
export class IllegalArgumentError extends ConnectError {
  override name = 'IllegalArgumentException'
}

/** A number of something that there is not, such as a group of a pattern; the name is Java's. */
export class IndexOutOfBoundsError extends ConnectError {
  override name = 'IndexOutOfBoundsException'
}

export class NotFoundError extends ConnectError {
  override name = 'NotFoundException'
}

/** Somebody else was first: read again, then decide. */
export class ConflictError extends ConnectError {
  override name = 'ConflictException'
}

/** Another owner has taken over: this invocation must stop and may change nothing more. */
export class FencedError extends ConnectError {
  override name = 'FencedException'
}

/** An error on its way from one function to another. */
export type ToldError = {
  readonly name: string
  readonly message: string
  readonly retriable: boolean
}

export const toldError = (error: unknown): ToldError => ({
  name: error instanceof Error ? error.name : typeof error,
  message: messageOf(error),
  retriable: isRetriable(error),
})

const CLASSES: ReadonlyMap<string, typeof ConnectError> = new Map(
  [
    ConnectError,
    RetriableError,
    ConfigError,
    DataError,
    SchemaBuilderError,
    SchemaProjectorError,
    SerializationError,
    IllegalArgumentError,
    IndexOutOfBoundsError,
    NotFoundError,
    ConflictError,
    FencedError,
  ].map((kind) => [new kind().name, kind]),
)

/** The error again, of its own class; one that is none of ours is a ConnectError that says what it was. */
export function errorTold({ name, message, retriable }: ToldError): ConnectError {
  const kind = CLASSES.get(name)
  if (kind) return new kind(message)
  return retriable ? new RetriableError(message) : new ConnectError(`${name}: ${message}`)
}

export const isRetriable = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === true

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Java's packages of the errors that are not Kafka Connect's own. */
const PACKAGES: Readonly<Record<string, string>> = {
  ConfigException: 'org.apache.kafka.common.config',
  SerializationException: 'org.apache.kafka.common.errors',
  IllegalArgumentException: 'java.lang',
  IndexOutOfBoundsException: 'java.lang',
}

/** The full name of an error's class, as traces and headers of dead letters give it. */
export function errorClassOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if (!(error instanceof ConnectError)) return error.name
  return `${PACKAGES[error.name] ?? 'org.apache.kafka.connect.errors'}.${error.name}`
}

/** The text of a status's `trace`: class and message, the frames, each cause; ends with a newline, as Java's does. */
export function traceOf(error: unknown): string {
  const seen = new Set<unknown>()
  const lines: string[] = []
  for (
    let at: unknown = error;
    at !== undefined && !seen.has(at);
    at = at instanceof Error ? at.cause : undefined
  ) {
    seen.add(at)
    const prefix = lines.length === 0 ? '' : 'Caused by: '
    if (!(at instanceof Error)) {
      lines.push(prefix + String(at))
      continue
    }
    lines.push(`${prefix}${errorClassOf(at)}: ${at.message}`, ...framesOf(at))
  }
  return `${lines.join('\n')}\n`
}

const framesOf = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `\t${line.trim()}`)
