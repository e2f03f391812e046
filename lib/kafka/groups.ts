import type { GroupOffset, Groups, Log } from '../ports.ts'
import type { KafkaSettings } from './client.ts'
import { kafkaCluster } from './cluster.ts'
import { committedOffsets, logOffsets, partitionKey } from './offsets.ts'
import { retrying } from './retrying.ts'
import { present } from './topics.ts'

export type KafkaGroups = Groups & { close(): void }

const TIMEOUT_MS = 5_000

/** Connects at the first call, and again whenever a connection is gone. Topics that do not exist are left out. */
export function kafkaGroups(settings: KafkaSettings, log: Log): KafkaGroups {
  const cluster = kafkaCluster(settings, 'connectless-groups', log)
  return {
    offsets: (group, names) =>
      retrying(`reading the offsets of group ${group}`, { ms: TIMEOUT_MS }, async () => {
        if (names.length === 0) return []
        const topics = present((await cluster.metadata(names, 'leave')).topics)
        const committed = await committedOffsets(cluster, group, topics)
        const ends = await logOffsets(cluster, topics, 'end')
        return topics.flatMap(({ name: topic, partitions }) =>
          partitions.map(({ id: partition }): GroupOffset => {
            const key = partitionKey(topic, partition)
            return {
              topic,
              partition,
              committed: committed.get(key) ?? null,
              end: ends.get(key) ?? 0,
            }
          }),
        )
      }),
    close: cluster.close,
  }
}
