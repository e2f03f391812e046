import type { Log, Producers } from '../ports.ts'
import type { KafkaSettings } from './client.ts'
import { type KafkaCluster, kafkaCluster } from './cluster.ts'
import { type Identity, producer } from './producer.ts'
import { retrying } from './retrying.ts'

export type ProducerSettings = {
  /** How long a request is tried. A send is many requests, and ends when none gets through for so long. */
  readonly sendTimeoutMs?: number
}

export function kafkaProducers(
  settings: KafkaSettings,
  log: Log,
  { sendTimeoutMs = 30_000 }: ProducerSettings = {},
): Producers {
  return {
    async connect(clientId) {
      const cluster = kafkaCluster(settings, clientId, log)
      try {
        const identity = await retrying('asking Kafka for a producer id', CONNECTING, () =>
          identityFrom(cluster),
        )
        return producer(cluster, identity, sendTimeoutMs)
      } catch (error) {
        cluster.close()
        throw error
      }
    },
  }
}

const CONNECTING = { ms: 5_000 }
/** Of no meaning without a transactional id. */
const TRANSACTION_TIMEOUT_MS = 60_000

async function identityFrom(cluster: KafkaCluster): Promise<Identity> {
  const broker = await cluster.any()
  const { producerId, producerEpoch } = await broker.ask((one) =>
    one.initProducerId({ transactionTimeout: TRANSACTION_TIMEOUT_MS }),
  )
  return { producerId: BigInt(producerId), producerEpoch }
}
