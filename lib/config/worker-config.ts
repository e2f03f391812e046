import { ConfigError } from '../errors.ts'
import { type ConfigDef, javaTrim, type Parsed, parseConfig, type RawConfig } from './config-def.ts'
import { type DeclaredProviders, declaredProviders } from './config-providers.ts'
import { METRIC_LEVELS } from './metrics.ts'
import { type RestSettings, restConfig, restSettings } from './rest-config.ts'
import { restartConfig, restartKeysOf } from './restart-policy.ts'

/** Kafka Connect's worker properties that mean something here; the rest of its properties is accepted and not used. */
export const workerConfig = {
  'bootstrap.servers': {
    type: 'list',
    importance: 'high',
    doc: 'Kafka brokers to begin with, host:port, comma-separated.',
    refuse: (servers) => (servers?.length === 0 ? 'Empty list' : undefined),
  },
  'group.id': {
    type: 'string',
    importance: 'high',
    default: 'connect-cluster',
    doc: 'Name of this cluster of workers. Sink groups are named after their connector, not after it.',
  },
  'key.converter': {
    type: 'class',
    importance: 'high',
    default: 'org.apache.kafka.connect.json.JsonConverter',
    doc: 'Converter of record keys where the connector names none; its settings follow as key.converter.*.',
  },
  'value.converter': {
    type: 'class',
    importance: 'high',
    default: 'org.apache.kafka.connect.json.JsonConverter',
    doc: 'Converter of record values where the connector names none; its settings follow as value.converter.*.',
  },
  listeners: {
    type: 'list',
    importance: 'low',
    default: ['http://127.0.0.1:8083'],
    doc: 'Where the REST API listens in local mode: http://host:port. An empty host is the loopback.',
  },
  'admin.listeners': {
    type: 'list',
    importance: 'low',
    default: null,
    doc: 'Where the paths under /admin are in local mode: http://host:port. Left out: beside the others; empty: nowhere.',
  },
  'rest.advertised.host.name': {
    type: 'string',
    importance: 'low',
    default: null,
    doc: 'Host name in worker_id.',
  },
  'rest.advertised.port': {
    type: 'int',
    importance: 'low',
    default: null,
    doc: 'Port in worker_id.',
  },
  'offset.flush.interval.ms': {
    type: 'long',
    importance: 'low',
    default: 1000,
    atLeast: 1,
    doc: 'At the latest after this long an acknowledged source offset is stored.',
  },
  'session.timeout.ms': {
    type: 'int',
    importance: 'high',
    default: 10_000,
    atLeast: 6_000,
    doc: 'After this long without a sign of life another worker takes over the partitions of a sink.',
  },
  'lease.ttl.ms': {
    type: 'int',
    importance: 'low',
    default: 15_000,
    atLeast: 4_500,
    doc: 'After this long without a renewal another worker takes over a source task.',
  },
  'lease.renewal.ms': {
    type: 'int',
    importance: 'low',
    default: 5_000,
    atLeast: 500,
    doc: 'How often the lease of a source task is renewed.',
  },
  'idle.timeout.ms': {
    type: 'long',
    importance: 'low',
    default: 30_000,
    atLeast: -1,
    doc: 'How long a source task that has delivered stays when it finds nothing more; 0: it ends at once; -1: it stays.',
  },
  'task.restart.max': restartConfig['task.restart.max'],
  'task.restart.backoff.ms': restartConfig['task.restart.backoff.ms'],
  'task.restart.backoff.max.ms': restartConfig['task.restart.backoff.max.ms'],
  'metrics.recording.level': {
    type: 'string',
    importance: 'low',
    default: 'INFO',
    oneOf: METRIC_LEVELS,
    doc: 'Which metrics go to CloudWatch, where each costs: INFO a dozen a task, DEBUG and TRACE all, OFF only what alarms watch.',
  },
  'config.providers': {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'Where values may lie that configurations refer to, by alias, beside secretsmanager and ssm, which are always there: env, file, dir, or aliases with a class of their own, config.providers.<alias>.class. Whoever may create a connector may read through them, so narrow them down: config.providers.<alias>.param.allowlist.pattern, ….param.allowed.paths.',
  },
  'plugin.path': {
    type: 'list',
    importance: 'low',
    default: [],
    doc: 'Where plugins of your own are: modules, or folders with modules directly in them. Java archives there are passed over.',
  },
  'topic.tracking.enable': {
    type: 'boolean',
    importance: 'low',
    default: true,
    doc: 'Whether the topics that a connector writes to or reads from are recorded.',
  },
  'topic.tracking.allow.reset': {
    type: 'boolean',
    importance: 'low',
    default: true,
    doc: 'Whether the REST API may reset the active topics of a connector.',
  },
  ...restConfig,
  store: {
    type: 'string',
    importance: 'medium',
    default: 'sqlite:.connectless/connectless.db',
    doc: 'Where the rows are in local mode: sqlite:<path> or dynamodb:<table>.',
    refuse: (store) =>
      store !== null && !/^(sqlite|dynamodb):.+/.test(store)
        ? 'Must be sqlite:<path> or dynamodb:<table>'
        : undefined,
  },
} as const satisfies ConfigDef

export type WorkerProperties = Parsed<typeof workerConfig> & {
  /** `key.converter`, `key.converter.*` and so on, as given */
  readonly converters: RawConfig
  /** Client settings that apply to every Kafka client: `security.protocol`, `sasl.*`, `ssl.*`. */
  readonly client: RawConfig
  /** `connector.client.config.override.policy` and what it goes by */
  readonly overrides: RawConfig
  /** `task.restart.*` as given */
  readonly taskRestarts: RawConfig
  /** What references in configurations may name. */
  readonly configProviders: DeclaredProviders
  readonly rest: RestSettings
}

/** What a standalone worker needs besides. */
export const standaloneConfig = {
  'offset.storage.file.filename': {
    type: 'string',
    importance: 'high',
    doc: 'Standalone: the file that source offsets are kept in.',
    refuse: (file) => (file?.trim() === '' ? 'String must be non-empty' : undefined),
  },
} as const satisfies ConfigDef

/** @throws ConfigError naming the property. */
export const parseStandalone = (properties: RawConfig): Parsed<typeof standaloneConfig> =>
  parseConfig(standaloneConfig, properties)

/** Nothing is sent in the last 3 s of a lease, so its renewal has to be through by then, and has a second for it. */
const RENEWAL_MARGIN_MS = 4_000

/** @throws ConfigError naming the property. */
export function parseWorker(properties: RawConfig): WorkerProperties {
  const parsed = parseConfig(workerConfig, properties)
  if (parsed['lease.ttl.ms'] < parsed['lease.renewal.ms'] + RENEWAL_MARGIN_MS)
    throw new ConfigError(
      `Invalid value ${parsed['lease.ttl.ms']} for configuration lease.ttl.ms: Value must be at least ${RENEWAL_MARGIN_MS} above lease.renewal.ms`,
    )
  return {
    ...parsed,
    converters: {
      'key.converter': parsed['key.converter'],
      'value.converter': parsed['value.converter'],
      ...withPrefix(properties, /^(key|value|header)\.converter(\.|$)/),
    },
    client: withPrefix(properties, /^(security\.protocol$|sasl\.|ssl\.)/),
    overrides: withPrefix(properties, /^connector\.client\.config\.override\./),
    taskRestarts: restartKeysOf(properties),
    configProviders: declaredProviders(parsed['config.providers'], properties),
    rest: restSettings(parsed),
  }
}

export const topicTrackingOf = (properties: WorkerProperties) => ({
  enabled: properties['topic.tracking.enable'],
  mayReset: properties['topic.tracking.allow.reset'],
})

const withPrefix = (properties: RawConfig, prefix: RegExp): RawConfig =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => prefix.test(key))
      .map(([key, text]) => [key, text === null ? null : javaTrim(text)]),
  )

/** The environment form of Kafka Connect's container image: CONNECT_BOOTSTRAP_SERVERS is bootstrap.servers; `__` stands for `_`, `___` for `-`. */
export function workerFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): RawConfig {
  const found = Object.entries(environment).filter(([name]) => name.startsWith('CONNECT_'))
  return Object.fromEntries(found.map(([name, value]) => [propertyOf(name), value ?? '']))
}

const propertyOf = (name: string): string =>
  name
    .slice('CONNECT_'.length)
    .toLowerCase()
    .replace(/_{1,3}/g, (dashes) => ['.', '_', '-'][dashes.length - 1] ?? dashes)
