/** Changes of source offsets as changes of rows, in parts that a transaction takes. */
import type { OffsetChange } from '../data/record.ts'
import { ConnectError } from '../errors.ts'
import { offsetKey } from './keys.ts'
import { textOf } from './offset-json.ts'
import type { Change, Row } from './rows.ts'
import { MAX_TEXT_BYTES } from './storable.ts'

/** A transaction may name a row once: of the same partition the last offset wins. @throws DataError, ConnectError for what cannot be stored. */
export function changesOf(connector: string, changes: readonly OffsetChange[]): Change[] {
  const byKey = new Map<string, Change>()
  for (const { partition, offset } of changes) {
    const key = offsetKey(connector, partition)
    byKey.set(key.sk, offset ? { put: rowOf(connector, partition, offset) } : { remove: key })
  }
  return [...byKey.values()]
}

function rowOf(
  connector: string,
  partitionMap: OffsetChange['partition'],
  offsetMap: OffsetChange['partition'],
): Row {
  const partition = textOf(partitionMap)
  const offset = textOf(offsetMap)
  const bytes = Buffer.byteLength(partition) + Buffer.byteLength(offset)
  if (bytes > MAX_TEXT_BYTES)
    throw new ConnectError(
      `A source offset of ${connector} takes ${bytes} bytes as JSON, and at most ${MAX_TEXT_BYTES} can be stored: ${partition.slice(0, 200)}`,
    )
  return { ...offsetKey(connector, partitionMap), attributes: { partition, offset } }
}

// A transaction holds 4 MB: of UTF-16 units 3 bytes each at most, or 6 where an emulator counts JSON escapes.
const MAX_PART_LENGTH = 500_000

/** Each of at most `size` changes; one part at least. */
export function partsOf(all: readonly Change[], size: number): Change[][] {
  let part: Change[] = []
  let length = 0
  const parts = [part]
  for (const change of all) {
    length += lengthOf(change)
    if (part.length === size || length > MAX_PART_LENGTH) {
      part = []
      length = lengthOf(change)
      parts.push(part)
    }
    part.push(change)
  }
  return parts
}

function lengthOf(change: Change): number {
  if (!('put' in change)) return 0
  const { sk, attributes } = change.put
  return sk.length + String(attributes.partition).length + String(attributes.offset).length
}
