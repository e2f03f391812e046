import { hostname } from 'node:os'
import type { Context } from 'aws-lambda'
import { KAFKA_COMMIT, KAFKA_VERSION } from '../config/kafka-version.ts'
import { LOGGERS, named } from '../config/loggers.ts'
import { topicTrackingOf, type WorkerProperties } from '../config/worker-config.ts'
import type { KafkaEvent } from '../data/kafka-event.ts'
import type { LevelsInForce } from '../monitoring/levelled-log.ts'
import { systemClock } from '../monitoring/system-clock.ts'
import { watchLevels } from '../monitoring/watch-levels.ts'
import type { Plugins } from '../plugin.ts'
import { withPluginPath } from '../plugin-path/index.ts'
import type {
  AskEvent,
  ConfigStore,
  CoordinatorEvent,
  FailureRecord,
  Log,
  Ports,
  TaskEvent,
  Worker,
} from '../ports.ts'
import { concealment } from '../secrets/concealment.ts'
import { configProviders } from '../secrets/config-providers.ts'
import type { Environment } from '../secrets/environment.ts'
import { localAliases, sinkArnOf } from './aliases.ts'
import { type Askable, localAsk } from './ask.ts'
import { localAudit } from './audit.ts'
import { counters } from './counters.ts'
import { fairShare } from './fair-share.ts'
import type { Answer, HttpServer } from './http-server.ts'
import { localKafka } from './kafka.ts'
import { lambdaContext } from './lambda-context.ts'
import { httpServers } from './listeners.ts'
import { type OpenStores, releaseLeasesOf } from './open-stores.ts'
import { localPlugins } from './plugins.ts'
import { type Functions, localTriggers } from './triggers.ts'

type Handler<E> = (event: E, context: Context) => Promise<unknown>
type Wired = () => Promise<Ports>
type Wiring = Functions & Askable & { readonly api: Answer }

/** The functions as they run in AWS, each made from its ports and the plugins it knows. */
export type Handlers = {
  readonly api: (
    ports: Wired,
    plugins: Plugins,
  ) => (event: Parameters<Answer>[0], context: Context) => ReturnType<Answer>
  readonly source: (ports: Wired, plugins: Plugins) => Handler<TaskEvent | AskEvent>
  readonly sink: (ports: Wired, plugins: Plugins) => Handler<KafkaEvent | TaskEvent | AskEvent>
  readonly coordinator: (
    ports: Wired,
    plugins: Plugins,
  ) => Handler<CoordinatorEvent | FailureRecord>
}

export type LocalWorker = {
  readonly url: string
  /** Ends what runs: sources flush and give their leases back. */
  close(): Promise<void>
}

/** Schedules fire once a minute in AWS; here a lost task is found again within a second. */
const SCHEDULE_MS = 1_000
const COORDINATOR_MS = 2_000
/** A level of a logger that was set is in force after at most this and a second. */
const LEVELS_MS = 1_000
/** API Gateway waits no longer. */
const API_MS = 29_000

/** The whole of connectless in this process. @throws ConfigError naming the property that is wrong. */
export async function startLocal(setup: {
  readonly properties: WorkerProperties
  readonly stores: OpenStores
  readonly handlers: Handlers
  /** that `${env:…}` reads, where it is allowed */
  readonly environment: Environment
  readonly log: Log
  /** those that the log goes by */
  readonly levels: LevelsInForce
  /** Done before any request is answered; where it fails, nothing is left running. */
  readonly first?: (ports: Ports, plugins: Plugins) => Promise<void>
}): Promise<LocalWorker> {
  const { properties, stores, handlers, environment, levels } = setup
  const concealed = concealment()
  const log = concealed.log(setup.log)
  const clock = systemClock
  const { plugins, faults } = withPluginPath(localPlugins, properties['plugin.path'])
  for (const { message } of faults) log.error(message)
  const wiring = Promise.withResolvers<Wiring>()
  // Requests that come while the rest is being made wait for it.
  const server = await httpServers(properties, named(log, LOGGERS.rest), async (event) =>
    (await wiring.promise).api(event),
  )
  const worker = workerOf(properties, server.address)
  if (isOwnAddress(properties)) await releaseLeasesOf(worker.id, stores)
  // What was set for a worker alone ends with its process, as in Kafka Connect.
  await stores.logLevels.clear(worker.id)
  const watched = { levels, rows: stores.logLevels, worker: worker.id, maxAgeMs: LEVELS_MS }
  const lookAtLevels = watchLevels({ ...watched, clock, log })

  const invokeSink: Parameters<typeof localKafka>[0]['invokeSink'] = async (event, invocation) =>
    (await wiring.promise).sink(
      event,
      lambdaContext('sink', { ...invocation, arn: sinkArnOf(invocation.connector) }),
    )
  // Whatever task is named: those that are gone or FAILED are ended.
  const ended = (connector: string) => void triggers.invoker.sink({ connector, task: 0 })
  const kafka = localKafka({ properties, clock, log, invokeSink, ended })
  const triggers = localTriggers(
    () => functions,
    {
      scheduleMs: SCHEDULE_MS,
      coordinatorMs: COORDINATOR_MS,
      watchLevels: lookAtLevels,
      fairShare: fairShare(worker.id, stores.workers, stores.leases, clock),
      leftovers: (scheduled) => goneOf([...scheduled, ...kafka.mapped()], stores.configs),
    },
    clock,
    log,
  )
  const kafkaClusterId = await kafka.clusterId()
  const ports: Ports = {
    ...stores,
    statuses: concealed.statuses(stores.statuses),
    ...kafka.ports,
    worker: {
      ...worker,
      get kafkaClusterId() {
        return kafkaClusterId()
      },
    },
    schedules: triggers.schedules,
    audit: localAudit(stores.workers, clock),
    invoker: triggers.invoker,
    ask: localAsk(() => functions),
    aliases: localAliases,
    configProviders: concealed.providers(
      configProviders(properties.configProviders, { environment, clock, log }),
    ),
    conceal: concealed.text,
    clock,
    log,
    watchLevels: lookAtLevels,
    metrics: counters(),
  }
  const wired = async () => ports
  const answer = handlers.api(wired, plugins)
  const functions: Wiring = {
    api: (event) => answer(event, lambdaContext('api', { remainingMs: () => API_MS })),
    source: handlers.source(wired, plugins),
    sink: handlers.sink(wired, plugins),
    coordinator: handlers.coordinator(wired, plugins),
  }
  let admin: HttpServer | undefined
  const close = async () => {
    await Promise.all([server.close(), admin?.close(), triggers.close(), kafka.close()])
    await stores.logLevels.clear(worker.id)
    stores.close()
  }
  try {
    await setup.first?.(ports, plugins)
    admin = await listenForAdmin(properties, ports, plugins, handlers)
  } catch (error) {
    await close()
    throw error
  }
  wiring.resolve(functions)
  triggers.begin()
  return { url: `http://${server.address.host}:${server.address.port}`, close }
}

async function goneOf(
  connectors: readonly string[],
  configs: Pick<ConfigStore, 'target'>,
): Promise<string[]> {
  const gone: string[] = []
  for (const name of new Set(connectors)) if (!(await configs.target(name))) gone.push(name)
  return gone
}

/** Loggers may have an address of their own. @throws ConfigError naming `admin.listeners`. */
async function listenForAdmin(
  { 'admin.listeners': listeners, rest }: WorkerProperties,
  { worker, ...ports }: Ports,
  plugins: Plugins,
  { api }: Handlers,
): Promise<HttpServer | undefined> {
  if (listeners === null || listeners.length === 0) return undefined
  const answer = api(async () => ({ ...ports, worker: { ...worker, admin: 'only' } }), plugins)
  const log = named(ports.log, LOGGERS.rest)
  const context = () => lambdaContext('api', { remainingMs: () => API_MS })
  const own = { key: 'admin.listeners', listeners, rest } as const
  return httpServers(own, log, (event) => answer(event, context()))
}

/**
 * Nobody else listens on the address that is this worker's id, so nobody else is it. That is known of one machine alone,
 * which is where an SQLite file is.
 */
const isOwnAddress = (properties: WorkerProperties): boolean =>
  properties['rest.advertised.host.name'] === null &&
  properties['rest.advertised.port'] === null &&
  properties.store.startsWith('sqlite:')

/** An address that stands for all of a machine's names no machine. */
const EVERY_ADDRESS: readonly string[] = ['0.0.0.0', '::']

function workerOf(
  properties: WorkerProperties,
  address: HttpServer['address'],
): Omit<Worker, 'kafkaClusterId'> {
  const bound = EVERY_ADDRESS.includes(address.host) ? hostname() : address.host
  const host = properties['rest.advertised.host.name'] ?? bound
  const id = `${host}:${properties['rest.advertised.port'] ?? address.port}`
  return {
    id,
    loggerScope: id,
    groupId: properties['group.id'],
    version: KAFKA_VERSION,
    commit: KAFKA_COMMIT,
    converters: properties.converters,
    offsetFlushIntervalMs: properties['offset.flush.interval.ms'],
    leaseTtlMs: properties['lease.ttl.ms'],
    leaseRenewalMs: properties['lease.renewal.ms'],
    idleTimeoutMs: properties['idle.timeout.ms'],
    overrides: properties.overrides,
    rest: properties.rest,
    taskRestarts: properties.taskRestarts,
    ...(properties['admin.listeners'] !== null && { admin: 'none' }),
    topicTracking: topicTrackingOf(properties),
  }
}
