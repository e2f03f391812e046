import { int8, list, type Request, text } from './wire-format.ts'

export type Metadata = {
  readonly clusterId: string
  /** the broker that makes topics; -1 for none */
  readonly controller: number
  readonly brokers: readonly BrokerAddress[]
  readonly topics: readonly TopicMetadata[]
}

export type BrokerAddress = { readonly id: number; readonly host: string; readonly port: number }

export type TopicMetadata = {
  readonly name: string
  /** a broker's error code, 0 for none */
  readonly error: number
  readonly partitions: readonly {
    readonly id: number
    readonly error: number
    /** -1 for none */
    readonly leader: number
  }[]
}

/** Facts on the topics, each with its own error. */
export const metadataRequest = (
  topics: readonly string[],
  ifMissing: 'create' | 'leave',
): Request<Metadata> => ({
  name: 'Metadata',
  apiKey: 3,
  version: 4,
  body: Buffer.concat([
    ...list(topics, (topic) => [text(topic)]),
    int8(ifMissing === 'create' ? 1 : 0),
  ]),
  read(answer) {
    answer.int32() // throttle time
    const brokers = answer.list(() => {
      const broker = { id: answer.int32(), host: answer.text() ?? '', port: answer.int32() }
      answer.text() // rack
      return broker
    })
    const clusterId = answer.text() ?? ''
    const controller = answer.int32()
    return {
      clusterId,
      controller,
      brokers,
      topics: answer.list(() => {
        const topic = { error: answer.int16(), name: answer.text() ?? '' }
        answer.boolean() // internal
        const partitions = answer.list(() => {
          const partition = { error: answer.int16(), id: answer.int32(), leader: answer.int32() }
          answer.list(answer.int32) // replicas
          answer.list(answer.int32) // those in sync
          return partition
        })
        return { ...topic, partitions: partitions.sort((one, other) => one.id - other.id) }
      }),
    }
  },
})
