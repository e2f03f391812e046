import { randomUUID } from 'node:crypto'
import { KAFKA_VERSION } from '../../config/kafka-version.ts'
import type { Password } from '../../config/password.ts'
import type { SinkRecord } from '../../data/record.ts'
import { type SinkBatch, type SinkTask, type SinkTaskContext, sinkConnector } from '../../plugin.ts'
import { type RedisConnections, type RedisLogin, redisConnections } from '../redis/connection.ts'
import { fenceOf } from '../redis/fence.ts'
import { writeFenced } from '../redis/fenced-writes.ts'
import { probeRedis } from '../redis/probe.ts'
import { byPartition, chunksOf, recordWriter, type Write } from './commands.ts'

/** Keeps each record's value in Redis as JSON under `<topic>_<key>`: TavenYin/kafka-connect-example's sink. */
export const exampleSink = sinkConnector({
  name: 'com.github.taven.sink.ExampleSinkConnector',
  taskClass: 'com.github.taven.sink.ExampleSinkTask',
  version: KAFKA_VERSION,
  doc: 'Keeps the newest value of each key in Redis, as JSON under <topic>_<key>; a record without a value deletes it.',
  config: {
    'redis.host': {
      type: 'string',
      importance: 'high',
      doc: 'Host of the Redis server.',
      secretsGoHere: true,
    },
    'redis.port': {
      type: 'int',
      importance: 'high',
      refuse: outside(1, 65_535),
      doc: 'Port of the Redis server.',
      secretsGoHere: true,
    },
    'redis.database': {
      type: 'int',
      importance: 'high',
      refuse: outside(0, Number.MAX_SAFE_INTEGER),
      doc: 'Number of the database to write to.',
    },
    'redis.password': {
      type: 'password',
      importance: 'high',
      doc: 'Password; empty where the server has none.',
    },
  },

  probe: (config) => probeRedis({ ...loginOf(config), name: 'connectless-validation' }),

  async startTask(config, context) {
    const connections = redisConnections({
      ...loginOf(config),
      name: `connectless-${context.connector}-${context.task}`,
    })
    await connections.open()
    return sinkTask(connections, context)
  },
})

type Server = {
  readonly 'redis.host': string
  readonly 'redis.port': number
  readonly 'redis.database': number
  readonly 'redis.password': Password
}

const loginOf = (config: Server): Omit<RedisLogin, 'name'> => ({
  host: config['redis.host'],
  port: config['redis.port'],
  database: config['redis.database'],
  password: config['redis.password'],
  keys: { host: 'redis.host', password: 'redis.password', database: 'redis.database' },
})

/** Nothing is said of null: a missing key is a message of its own, and Kafka Connect gives no second one here. */
function outside(least: number, most: number): (value: number | null) => string | undefined {
  return (value) => {
    if (value === null) return undefined
    if (value < least) return `Value must be at least ${least}`
    return value > most ? `Value must be no more than ${most}` : undefined
  }
}

type Errant = { readonly record: SinkRecord; readonly error: unknown }

function sinkTask(connections: RedisConnections, context: SinkTaskContext): SinkTask {
  const writeOf = recordWriter()

  function* writesOf(records: readonly SinkRecord[], errants: Errant[]): Iterable<Write> {
    for (const record of records) {
      try {
        yield writeOf(record)
      } catch (error) {
        errants.push({ record, error })
      }
    }
  }

  return {
    async put(records: readonly SinkRecord[], { id, remainingMs }: SinkBatch) {
      if (records.length === 0) return
      const token = `${id}:${randomUUID()}`
      const errants: Errant[] = []
      const partitions = byPartition(records).map((part) => ({
        fence: fenceOf(context.connector, part, token),
        chunks: chunksOf(writesOf(part.records, errants)),
      }))
      await writeFenced(await connections.open(), partitions, remainingMs)
      // Last, so that a batch that is delivered again for the server's sake has reported nothing yet.
      await Promise.all(errants.map(({ record, error }) => context.reportErrant(record, error)))
    },

    stop: connections.close,
  }
}
