/** What of kafkajs 2.2.4, pinned, is used below its clients: connections with their authentication, and the requests of groups. */

declare module 'kafkajs/src/broker/index.js' {
  import type { ConnectionPool } from 'kafkajs/src/cluster/connectionPoolBuilder.js'

  type TopicOffsets = {
    topic: string
    partitions: { partition: number; offset: string; errorCode?: number }[]
  }

  export default class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: object; nodeId?: number })
    /** by API key; empty before it is connected */
    versions: Record<number, { minVersion: number; maxVersion: number }> | null
    connectionPool: ConnectionPool
    isConnected(): boolean
    connect(): Promise<void>
    findGroupCoordinator(request: {
      groupId: string
      coordinatorType: number
    }): Promise<{ coordinator: { nodeId: number; host: string; port: number } }>
    initProducerId(request: {
      transactionalId?: string
      transactionTimeout: number
    }): Promise<{ producerId: string; producerEpoch: number }>
    joinGroup(request: {
      groupId: string
      sessionTimeout: number
      rebalanceTimeout: number
      memberId: string
      groupProtocols: { name: string; metadata: Buffer }[]
    }): Promise<{
      generationId: number
      leaderId: string
      memberId: string
      groupProtocol: string
      members: { memberId: string; memberMetadata: Buffer }[]
    }>
    syncGroup(request: {
      groupId: string
      generationId: number
      memberId: string
      groupAssignment: { memberId: string; memberAssignment: Buffer }[]
    }): Promise<{ memberAssignment: Buffer }>
    heartbeat(request: {
      groupId: string
      groupGenerationId: number
      memberId: string
    }): Promise<object>
    leaveGroup(request: { groupId: string; memberId: string }): Promise<object>
    offsetCommit(request: {
      groupId: string
      groupGenerationId: number
      memberId: string
      topics: TopicOffsets[]
    }): Promise<object>
    offsetFetch(request: {
      groupId: string
      topics: { topic: string; partitions: { partition: number }[] }[]
    }): Promise<{ responses: TopicOffsets[] }>
    listOffsets(request: {
      isolationLevel: number
      topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[]
    }): Promise<{ responses: TopicOffsets[] }>
    describeConfigs(request: {
      resources: { type: number; name: string; configNames: string[] }[]
    }): Promise<{
      resources: { configEntries: { configName: string; configValue: string | null }[] }[]
    }>
  }
}

declare module 'kafkajs/src/cluster/connectionPoolBuilder.js' {
  import type { ISocketFactory, Mechanism, SASLOptions } from 'kafkajs'

  export type ConnectionPool = {
    readonly host: string
    readonly port: number
    send<T>(request: {
      request: {
        apiKey: number
        apiVersion: number
        apiName: string
        /** of the whole body; the last code of ours before the socket */
        encode(): Promise<{ buf: Buffer; buffer: Buffer }>
      }
      response: { decode(answer: Buffer): Promise<T>; parse(decoded: T): Promise<T> }
      logResponseError: boolean
    }): Promise<T>
    destroy(): Promise<void>
  }

  export default function connectionPoolBuilder(options: {
    brokers: string[]
    ssl: object | null
    sasl: SASLOptions | Mechanism | null
    clientId: string
    socketFactory: ISocketFactory
    connectionTimeout: number
    requestTimeout: number
    enforceRequestTimeout: boolean
    logger: object
  }): { build(address?: { host: string; port: number }): Promise<ConnectionPool> }
}

declare module 'kafkajs/src/loggers/index.js' {
  import type { logCreator, logLevel } from 'kafkajs'
  export function createLogger(options: { level: logLevel; logCreator: logCreator }): object
  export const LEVELS: { WARN: logLevel.WARN; ERROR: logLevel.ERROR }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    pending: unknown[]
    throttledUntil: number
    scheduleCheckPendingRequests(): void
  }
}

declare module 'kafkajs/src/protocol/error.js' {
  import type { KafkaJSProtocolError } from 'kafkajs'
  export function createErrorFromCode(code: number): KafkaJSProtocolError
}
