import assert from 'node:assert/strict'
import { test } from 'node:test'
import { murmur2, partitionOf } from '../../lib/data/murmur2.ts'
import { type DataNotation, readData } from '../../lib/data/notation.ts'
import { casesOf } from '../vectors/cases.ts'

type PartitionerCase = {
  readonly id: string
  readonly data: DataNotation
  readonly counts: readonly number[]
  readonly expected: { readonly hash: number; readonly partitions: readonly number[] }
}

for (const { id, data, counts, expected } of casesOf<PartitionerCase>('partitioner'))
  test(`hashes and picks partitions as Kafka's producer: ${id}`, () => {
    const key = readData(data) ?? Buffer.alloc(0)

    assert.equal(murmur2(key), expected.hash)
    assert.deepEqual(
      counts.map((count) => partitionOf(key, count)),
      expected.partitions,
    )
  })
