import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb'
import { coordinatorHandler } from '../../functions/coordinator.ts'
import { wire } from '../../functions/wire.ts'
import type { RawConfig } from '../../lib/config/config-def.ts'
import { failureRecord } from '../../lib/local/failure-record.ts'
import { lambdaContext } from '../../lib/local/lambda-context.ts'
import type { CoordinatorEvent, FailureRecord, Ports, TaskEvent } from '../../lib/ports.ts'
import { plugins } from '../../lib/registry.ts'
import { dynamodbClient } from '../../lib/store/dynamodb-client.ts'
import { createTable } from '../../lib/store/table.ts'
import { addresses } from '../stack/addresses.ts'

/**
 * Lambda as far as source tasks go: the functions as they are deployed, over DynamoDB; each invocation of the source function is a process of its own, and one
 * that dies is told to the coordinator. Schedules are made but never fire. One a process: the functions read the environment.
 */
export type LambdaHost = {
  /** Makes a running connector. */
  create(name: string, config: RawConfig): Promise<void>
  /** kill -9 of all source invocations that run; how many. */
  kill(): number
  close(): Promise<void>
}

type Coordinator = (
  event: CoordinatorEvent | FailureRecord,
  context: ReturnType<typeof lambdaContext>,
) => Promise<void>

const CONTAINER = fileURLToPath(new URL('./container.ts', import.meta.url))
const INVOCATION_MS = 900_000

export async function lambdaHost(): Promise<LambdaHost> {
  const table = `connectless-bench-${randomUUID()}`
  Object.assign(process.env, environmentOf(table))
  const client = dynamodbClient(addresses().aws.endpoint)
  await createTable(client, table)
  const running = new Map<ChildProcess, Promise<void>>()
  const scheduled = new Map<string, TaskEvent>()
  let isClosed = false

  const ports: Ports = {
    ...(await wire()),
    log: { info: () => undefined, warn: () => undefined, error: console.error },
    invoker: {
      source: async (event) => begin(event),
      sink: async () => undefined,
      coordinator: async () => undefined,
    },
    schedules: {
      ensure: async (event) => void scheduled.set(`${event.task} ${event.connector}`, event),
      remove: async (event) => void scheduled.delete(`${event.task} ${event.connector}`),
      list: async (name) =>
        [...scheduled.values()].filter((one) => one.connector === name).map(({ task }) => task),
    },
    mappings: {
      ensure: async () => undefined,
      remove: async () => undefined,
      list: async () => [],
    },
  }
  // Lambda calls it with these two arguments; the type of a handler has a third.
  const handler = coordinatorHandler(async () => ports, plugins) as Coordinator
  const coordinator = (event: CoordinatorEvent | FailureRecord): Promise<void> =>
    handler(event, lambdaContext('coordinator', { remainingMs: () => 120_000 }))

  function begin(event: TaskEvent): void {
    const context = lambdaContext('source', { remainingMs: () => INVOCATION_MS })
    const args = [CONTAINER, JSON.stringify(event), context.awsRequestId, String(INVOCATION_MS)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    const ended = once(child, 'exit').then(async ([code, signal]) => {
      running.delete(child)
      if (code === 0 || isClosed) return
      const error = new Error(`Runtime exited with ${signal ?? code}`)
      await coordinator(failureRecord(event, context, { error, at: Date.now() }))
    })
    running.set(child, ended)
  }

  const kill = (): number => {
    for (const child of running.keys()) child.kill('SIGKILL')
    return running.size
  }
  return {
    async create(name, config) {
      const row = { name, config: { name, ...config }, targetState: 'RUNNING', version: 1 } as const
      const restarts = { connector: 0, tasks: {} }
      await ports.configs.put({ ...row, restarts, deleted: false }, undefined)
      await coordinator({ connector: name })
    },
    kill,
    async close() {
      isClosed = true
      kill()
      await Promise.all(running.values())
      await client.send(new DeleteTableCommand({ TableName: table }))
      client.destroy()
    },
  }
}

/** As infra/environment.yml has it. */
const environmentOf = (table: string) => ({
  STAGE: 'bench',
  TABLE_NAME: table,
  KAFKA_BOOTSTRAP_SERVERS: addresses().kafka['bootstrap.servers'],
  SOURCE_FUNCTION_ARN: 'arn:source',
  SINK_FUNCTION_ARN: 'arn:sink',
  COORDINATOR_FUNCTION_ARN: 'arn:coordinator',
  SCHEDULE_GROUP: 'bench',
  SCHEDULE_ROLE_ARN: 'arn:role',
  AWS_LAMBDA_FUNCTION_NAME: 'bench-source',
  AWS_LAMBDA_LOG_STREAM_NAME: table,
  AWS_ENDPOINT_URL: addresses().aws.endpoint,
  AWS_REGION: process.env.AWS_REGION ?? 'us-east-1',
  AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? 'test',
  AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? 'test',
  CONNECT_IDLE_TIMEOUT_MS: '-1',
})
