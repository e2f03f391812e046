import type { Context } from 'aws-lambda'
import { KAFKA_COMMIT, KAFKA_VERSION } from '../config/kafka-version.ts'
import type { WorkerProperties } from '../config/worker-config.ts'
import type { KafkaEvent } from '../data/kafka-event.ts'
import { systemClock } from '../monitoring/system-clock.ts'
import type { CoordinatorEvent, Log, Ports, TaskEvent, Worker } from '../ports.ts'
import { localAliases, sinkArnOf } from './aliases.ts'
import { counters } from './counters.ts'
import { fairShare } from './fair-share.ts'
import { type Answer, type HttpServer, httpServer } from './http-server.ts'
import { localKafka } from './kafka.ts'
import { lambdaContext } from './lambda-context.ts'
import { openStores, releaseLeasesOf } from './open-stores.ts'
import { type Functions, localTriggers } from './triggers.ts'

type Handler<E> = (event: E, context: Context) => Promise<unknown>
type Wired = () => Promise<Ports>

/** The functions as they run in AWS, each made from its ports. */
export type Handlers = {
  readonly api: (
    ports: Wired,
  ) => (event: Parameters<Answer>[0], context: Context) => ReturnType<Answer>
  readonly source: (ports: Wired) => Handler<TaskEvent>
  readonly sink: (ports: Wired) => Handler<KafkaEvent | TaskEvent>
  readonly coordinator: (ports: Wired) => Handler<CoordinatorEvent>
}

export type LocalWorker = {
  readonly url: string
  /** Ends what runs: sources flush and give their leases back. */
  close(): Promise<void>
}

/** Schedules fire once a minute in AWS; here a lost task is found again within a second. */
const SCHEDULE_MS = 1_000
const COORDINATOR_MS = 2_000
/** API Gateway waits no longer. */
const API_MS = 29_000

/** The whole of connectless in this process. @throws ConfigError naming the property that is wrong. */
export async function startLocal(
  properties: WorkerProperties,
  handlers: Handlers,
  log: Log,
): Promise<LocalWorker> {
  const clock = systemClock
  const stores = await openStores(properties.store, clock)
  const server = await listen(properties, log, (event) => functions.api(event))
  const worker = workerOf(properties, server.address)
  if (properties['rest.advertised.host.name'] === null) await releaseLeasesOf(worker.id, stores)

  const invokeSink: Parameters<typeof localKafka>[0]['invokeSink'] = (event, invocation) =>
    functions.sink(
      event,
      lambdaContext('sink', { ...invocation, arn: sinkArnOf(invocation.connector) }),
    )
  const kafka = localKafka({ properties, clock, log, invokeSink })
  const triggers = localTriggers(
    () => functions,
    {
      scheduleMs: SCHEDULE_MS,
      coordinatorMs: COORDINATOR_MS,
      fairShare: fairShare(worker.id, stores.workers, stores.leases),
    },
    clock,
    log,
  )
  const ports: Ports = {
    ...stores,
    ...kafka.ports,
    worker: { ...worker, kafkaClusterId: await kafka.clusterId() },
    schedules: triggers.schedules,
    invoker: triggers.invoker,
    aliases: localAliases,
    clock,
    log,
    metrics: counters(),
  }
  const wired = async () => ports
  const answer = handlers.api(wired)
  const functions: Functions & { readonly api: Answer } = {
    api: (event) => answer(event, lambdaContext('api', { remainingMs: () => API_MS })),
    source: handlers.source(wired),
    sink: handlers.sink(wired),
    coordinator: handlers.coordinator(wired),
  }
  triggers.begin()

  return {
    url: `http://${server.address.host}:${server.address.port}`,
    async close() {
      await server.close()
      await Promise.all([triggers.close(), kafka.close()])
      stores.close()
    },
  }
}

async function listen(
  { listeners }: WorkerProperties,
  log: Log,
  answer: Answer,
): Promise<HttpServer> {
  const [listener = 'http://127.0.0.1:8083', ...more] = listeners
  if (more.length > 0) log.warn(`Of several listeners the first is used: ${listener}`)
  return httpServer(listener, answer, log)
}

function workerOf(
  properties: WorkerProperties,
  address: HttpServer['address'],
): Omit<Worker, 'kafkaClusterId'> {
  const host = properties['rest.advertised.host.name'] ?? address.host
  return {
    id: `${host}:${properties['rest.advertised.port'] ?? address.port}`,
    groupId: properties['group.id'],
    version: KAFKA_VERSION,
    commit: KAFKA_COMMIT,
    converters: properties.converters,
    offsetFlushIntervalMs: properties['offset.flush.interval.ms'],
    leaseTtlMs: properties['lease.ttl.ms'],
    leaseRenewalMs: properties['lease.renewal.ms'],
    idleTimeoutMs: properties['idle.timeout.ms'],
  }
}
