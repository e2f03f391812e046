import { ConnectError } from '../errors.ts'
import type { OffsetStore, StoredOffset } from '../ports.ts'
import { leaseKey, OFFSET, offsetKey, offsetsPk } from './keys.ts'
import { fenced, stillHeld } from './lease-rows.ts'
import { mapOf, textOf } from './offset-json.ts'
import { type Change, MAX_CHANGES, type Row, type Rows } from './rows.ts'
import { MAX_TEXT_BYTES } from './storable.ts'

export const offsetRows = (rows: Rows): OffsetStore => ({
  async read(connector) {
    const found = await rows.query(offsetsPk(connector), OFFSET)
    return found.map(({ attributes: { partition, offset } }) => ({
      partition: mapOf(String(partition)),
      offset: mapOf(String(offset)),
    }))
  },

  async commit(lease, offsets) {
    // Invariant 2: the condition is part of each transaction.
    const check: Change = {
      check: leaseKey(lease.connector, lease.task),
      onlyIf: stillHeld(lease),
    }
    for (const part of partsOf(newest(lease.connector, offsets)))
      if (!(await rows.transact([check, ...part.map((put) => ({ put }))]))) throw fenced(lease)
  },
})

/** A transaction may name a row once: of the same partition the last offset wins. */
function newest(connector: string, offsets: readonly StoredOffset[]): Row[] {
  const byKey = new Map<string, Row>()
  for (const stored of offsets) {
    const row = rowOf(connector, stored)
    byKey.set(row.sk, row)
  }
  return [...byKey.values()]
}

function rowOf(connector: string, stored: StoredOffset): Row {
  const partition = textOf(stored.partition)
  const offset = textOf(stored.offset)
  const bytes = Buffer.byteLength(partition) + Buffer.byteLength(offset)
  if (bytes > MAX_TEXT_BYTES)
    throw new ConnectError(
      `A source offset of ${connector} takes ${bytes} bytes as JSON, and at most ${MAX_TEXT_BYTES} can be stored: ${partition.slice(0, 200)}`,
    )
  return { ...offsetKey(connector, stored.partition), attributes: { partition, offset } }
}

// A transaction holds 4 MB: of UTF-16 units 3 bytes each at most, or 6 where an emulator counts JSON escapes.
const MAX_PART_LENGTH = 500_000

/** The check takes one place in each. */
function partsOf(all: readonly Row[]): Row[][] {
  let part: Row[] = []
  let length = 0
  const parts = [part]
  for (const row of all) {
    length += lengthOf(row)
    if (part.length === MAX_CHANGES - 1 || length > MAX_PART_LENGTH) {
      part = []
      length = lengthOf(row)
      parts.push(part)
    }
    part.push(row)
  }
  return parts
}

const lengthOf = ({ sk, attributes: { partition, offset } }: Row): number =>
  sk.length + String(partition).length + String(offset).length
