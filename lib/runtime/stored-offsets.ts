import type { OffsetMap } from '../data/record.ts'
import type { SourceTaskContext } from '../plugin.ts'
import type { StoredOffset } from '../ports.ts'

/** What a source task is told of the offsets that are stored. */
export function offsetsAmong(stored: readonly StoredOffset[]): SourceTaskContext['offsets'] {
  const byPartition = new Map(stored.map(({ partition, offset }) => [keyOf(partition), offset]))
  return async (partitions) => partitions.map((partition) => byPartition.get(keyOf(partition)))
}

const keyOf = (partition: OffsetMap): string =>
  Object.keys(partition)
    .sort()
    .map(
      (key) =>
        `${JSON.stringify(key)}:${typeof partition[key] === 'string' ? JSON.stringify(partition[key]) : partition[key]}`,
    )
    .join()
