import { ConnectError } from '../errors.ts'
import type { Topics } from '../ports.ts'
import type { KafkaCluster } from './cluster.ts'
import { brokerError, isRefusal } from './kafka-errors.ts'
import { int8, int16, int32, list, type Request, text } from './wire-format.ts'

type Settings = Parameters<Topics['ensure']>[1]
type Answered = { readonly error: number; readonly message: string | null }

const TOPIC_ALREADY_EXISTS = 36

/** What cannot heal, of the errors that only this request has. */
const REFUSALS: readonly number[] = [
  37, // INVALID_PARTITIONS
  38, // INVALID_REPLICATION_FACTOR
  39, // INVALID_REPLICA_ASSIGNMENT
  40, // INVALID_CONFIG
]

/** The brokers' standard number of replicas and partitions is asked for with -1, which this version of the request has not. */
const VERSION = 2
const TIMEOUT_MS = 5_000

/** One attempt; a topic that somebody else has made meanwhile is as good. @throws ConnectError when it is refused, a broker's error when it may be asked again. */
export async function createTopic(
  cluster: KafkaCluster,
  name: string,
  settings: Settings,
): Promise<void> {
  const { controller } = await cluster.metadata([], 'leave')
  const broker = controller < 0 ? await cluster.any() : await cluster.broker(controller)
  const { error, message } = await broker.request(createTopicRequest(name, settings))
  if (error === 0 || error === TOPIC_ALREADY_EXISTS) return
  const cause = brokerError(error)
  if (!REFUSALS.includes(error) && !isRefusal(cause)) throw cause
  throw new ConnectError(`creating topic ${name}: ${message ?? cause.message}`, { cause })
}

const createTopicRequest = (
  name: string,
  { partitions, replicationFactor }: Settings,
): Request<Answered> => ({
  name: 'CreateTopics',
  apiKey: 19,
  version: VERSION,
  body: Buffer.concat([
    ...list([name], (topic) => [
      text(topic),
      int32(partitions),
      int16(replicationFactor),
      int32(0), // assignments of replicas
      int32(0), // settings
    ]),
    int32(TIMEOUT_MS),
    int8(0), // not only to be checked
  ]),
  read(answer) {
    answer.int32() // throttle time
    const [answered] = answer.list(() => {
      answer.text() // name
      return { error: answer.int16(), message: answer.text() }
    })
    return answered ?? { error: UNKNOWN_SERVER_ERROR, message: null }
  },
})

const UNKNOWN_SERVER_ERROR = -1
