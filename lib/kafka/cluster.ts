import net, { type Socket } from 'node:net'
import tls from 'node:tls'
import type { ISocketFactory, ISocketFactoryArgs } from 'kafkajs'
import Broker from 'kafkajs/src/broker/index.js'
import connectionPoolBuilder from 'kafkajs/src/cluster/connectionPoolBuilder.js'
import { createLogger, LEVELS } from 'kafkajs/src/loggers/index.js'
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'
import { FencedError, messageOf, RetriableError } from '../errors.ts'
import type { Log } from '../ports.ts'
import { type KafkaSettings, tlsOptions } from './client.ts'
import { firstOf } from './first-of.ts'
import { inTime } from './in-time.ts'
import { brokerError, isRefusal, kafkaError } from './kafka-errors.ts'
import { type Metadata, metadataRequest } from './metadata.ts'
import { saslOptions } from './sasl.ts'
import { type Request, send } from './wire-format.ts'

/**
 * The brokers of a cluster over connections of kafkajs. Each client has its own: what it waits for on a connection delays nobody else.
 * A connection that fails, or does not answer in time, is cut; the next use makes a new one.
 */
export type KafkaCluster = {
  /** Facts on the topics, each with its own error; asked of any broker. */
  metadata(topics: readonly string[], ifMissing: 'create' | 'leave'): Promise<Metadata>
  /** Any broker that answers. @throws RetriableError when none does, ConnectError when they refuse us. */
  any(): Promise<KafkaBroker>
  /** One that metadata named. */
  broker(id: number): Promise<KafkaBroker>
  coordinator(group: string): Promise<KafkaBroker>
  /** Cuts all connections at once: what is outstanding rejects, and nothing is sent any more. */
  close(): void
}

export type KafkaBroker = {
  /** the API versions it knows, by API key */
  readonly versions: Broker['versions']
  /** Calls kafkajs' broker. @throws what it throws; RetriableError when there is no answer within `timeoutMs`. */
  ask<T>(call: (broker: Broker) => Promise<T>, timeoutMs?: number): Promise<T>
  request<T>(request: Request<T>, timeoutMs?: number): Promise<T>
}

type Address = { readonly host: string; readonly port: number }

const CONNECTION_TIMEOUT_MS = 5_000
export const REQUEST_TIMEOUT_MS = 10_000

export function kafkaCluster(settings: KafkaSettings, clientId: string, log: Log): KafkaCluster {
  const { connect, close } = connectionsOf(settings, clientId, log)
  const seeds = settings.brokers.map(addressIn)
  const addresses = new Map<number, Address>()

  async function any(): Promise<KafkaBroker> {
    try {
      const known = [...seeds, ...addresses.values()]
      return await firstOf(known.map((address) => async () => connect(address)))
    } catch (failure) {
      const at = settings.brokers.join(', ')
      if (isRefusal(failure)) throw kafkaError(`Kafka refuses this client at ${at}`, failure)
      throw new RetriableError(`No Kafka broker answers at ${at}: ${messageOf(failure)}`, {
        cause: failure,
      })
    }
  }

  async function broker(id: number): Promise<KafkaBroker> {
    const address = addresses.get(id)
    if (!address) throw new RetriableError(`No address of Kafka broker ${id} is known`)
    return connect(address)
  }

  return {
    async metadata(topics, ifMissing) {
      const answer = await (await any()).request(metadataRequest(topics, ifMissing))
      for (const { id, host, port } of answer.brokers) addresses.set(id, { host, port })
      return answer
    },
    any,
    broker,
    async coordinator(groupId) {
      const { coordinator } = await (await any()).ask((one) =>
        one.findGroupCoordinator({ groupId, coordinatorType: GROUP }),
      )
      if (coordinator.nodeId < 0) throw brokerError(COORDINATOR_NOT_AVAILABLE)
      addresses.set(coordinator.nodeId, coordinator)
      return broker(coordinator.nodeId)
    },
    close,
  }
}

const GROUP = 0
const COORDINATOR_NOT_AVAILABLE = 15

function addressIn(text: string): Address {
  const colon = text.lastIndexOf(':')
  // An IPv6 address stands in brackets.
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1')
  return { host, port: Number(text.slice(colon + 1)) }
}

type Connections = {
  readonly connect: (to: Address) => Promise<KafkaBroker>
  readonly close: () => void
}

/** One connected broker an address, until it is cut. */
function connectionsOf(settings: KafkaSettings, clientId: string, log: Log): Connections {
  const connected = new Map<string, { readonly broker: Promise<KafkaBroker>; cut(): void }>()
  const logger = loggerOver(log)
  let closed = false

  function connect(to: Address): Promise<KafkaBroker> {
    if (closed) throw new RetriableError('The connections to Kafka were closed')
    const key = `${to.host}:${to.port}`
    const known = connected.get(key)
    if (known) return known.broker
    const sockets = socketsThatCanBeCut()
    const cut = () => {
      if (connected.get(key) === made) connected.delete(key)
      sockets.cut()
    }
    const made = { broker: open(to, sockets, cut), cut }
    connected.set(key, made)
    return made.broker
  }

  async function open(to: Address, sockets: Sockets, cut: () => void): Promise<KafkaBroker> {
    const pool = await connectionPoolBuilder({
      brokers: [...settings.brokers],
      ssl: settings.ssl ? tlsOptions(settings.ssl) : null,
      sasl: settings.sasl ? saslOptions(settings.sasl) : null,
      clientId,
      socketFactory: sockets.connect,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Done here: kafkajs would wake ten times a second for it, and keep a connection that does not answer.
      enforceRequestTimeout: false,
      logger,
    }).build(to)
    const broker = new Broker({ connectionPool: pool, logger })
    const ask: KafkaBroker['ask'] = async (call, timeoutMs = REQUEST_TIMEOUT_MS) => {
      if (sockets.areCut()) throw new RetriableError(CUT)
      try {
        return await inTime(call(broker), timeoutMs)
      } catch (error) {
        if (!leavesConnection(error)) cut()
        throw error
      }
    }
    await ask((one) => one.connect(), 2 * CONNECTION_TIMEOUT_MS)
    return {
      get versions() {
        return broker.versions
      },
      ask,
      request: (request, timeoutMs) => ask(() => send(pool, request), timeoutMs),
    }
  }

  return {
    connect,
    close() {
      closed = true
      for (const { cut } of [...connected.values()]) cut()
    },
  }
}

const CUT = 'The connection to Kafka was cut'

type Sockets = ReturnType<typeof socketsThatCanBeCut>

/** kafkajs waits for its connections' answers before it closes them; these can be ended at once, and for good. */
function socketsThatCanBeCut() {
  const sockets = new Set<Socket>()
  let areCut = false
  const connect: ISocketFactory = (to) => {
    const { host, port, onConnect } = to
    const socket = to.ssl ? tlsSocket(to) : net.connect({ host, port }, onConnect)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (areCut) socket.destroy(new Error(CUT))
    return socket.setNoDelay(true).setKeepAlive(true, 60_000)
  }
  return {
    connect,
    areCut: () => areCut,
    cut() {
      areCut = true
      // The error makes kafkajs reject what waits for an answer.
      for (const socket of sockets) socket.destroy(new Error(CUT))
    },
  }
}

const tlsSocket = (to: ISocketFactoryArgs): Socket =>
  tls.connect(
    {
      host: to.host,
      port: to.port,
      ...(net.isIP(to.host) === 0 && { servername: to.host }),
      ...to.ssl,
    },
    to.onConnect,
  )

/** What the broker answered, or was never asked, is no fault of the connection. */
const leavesConnection = (error: unknown): boolean =>
  error instanceof FencedError || (error instanceof Error && error.name === 'KafkaJSProtocolError')

/** What goes wrong on a connection is thrown to the one who uses it; only the rest is worth a line. */
const loggerOver = (log: Log): object =>
  createLogger({
    level: LEVELS.WARN,
    logCreator: () => (entry) => {
      if (/^(Connection|SaslAuthenticator)/.test(entry.namespace)) return
      const write = entry.level <= LEVELS.ERROR ? log.error : log.warn
      write(`Kafka client: ${entry.log.message}`)
    },
  })

const scheduleCheck = RequestQueue.prototype.scheduleCheckPendingRequests
/** kafkajs 2.2.4 sets a timer of a negative time after each answer, of which Node warns; with nothing pending none is needed. */
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.pending.length > 0) scheduleCheck.call(this)
}
