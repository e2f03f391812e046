/** What happens while offsets are altered: another store over the same rows acts just then. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConflictError, FencedError } from '../../lib/errors.ts'
import type { Lease } from '../../lib/ports.ts'
import { taken } from '../contract/made-stores.ts'
import { connector, row, world } from './interrupted-rows.ts'

const stoppedRow = () => ({ ...row(), targetState: 'STOPPED' as const })
const manyOffsets = (id: bigint) =>
  Array.from({ length: 150 }, (_, table) => ({
    partition: { table: BigInt(1_000 + table) },
    offset: { id },
  }))

test('a lease that is taken just before offsets are altered is fenced as well', async () => {
  const { others, when } = world()
  const { revision } = await others.configs.put(stoppedRow(), undefined)
  const leases: Lease[] = []

  const { offsets } = when('transact', async () => leases.push(await taken(others, { connector })))
  await offsets.alter(connector, revision, manyOffsets(1n))

  const [lease] = leases
  assert.ok(lease)
  await assert.rejects(others.offsets.commit(lease, manyOffsets(2n)), FencedError)
  assert.deepEqual(await others.offsets.read(connector), manyOffsets(1n))
})

test('a lease that is taken between two parts of an alteration is fenced too, and the alteration is whole', async () => {
  const { others, when } = world()
  const { revision } = await others.configs.put(stoppedRow(), undefined)
  const leases: Lease[] = []

  const taking = async () => leases.push(await taken(others, { connector }))
  await when('transact', taking, 3).offsets.alter(connector, revision, manyOffsets(1n))

  assert.equal(leases.length, 1)
  assert.ok((await others.leases.list(connector)).every(({ released }) => released))
  assert.deepEqual(await others.offsets.read(connector), manyOffsets(1n))
})

test('a connector that is resumed between two parts of an alteration is left at once; repeated once it is stopped again, the alteration is whole', async () => {
  const { others, when } = world()
  const { revision } = await others.configs.put(stoppedRow(), undefined)
  const resume = () => others.configs.put(row(), revision)

  const { offsets } = when('transact', resume, 3)
  await assert.rejects(offsets.alter(connector, revision, manyOffsets(1n)), ConflictError)
  assert.ok((await others.offsets.read(connector)).length < 150)

  const again = await others.configs.put(stoppedRow(), revision + 1)
  await others.offsets.alter(connector, again.revision, manyOffsets(1n))
  assert.deepEqual(await others.offsets.read(connector), manyOffsets(1n))
})

test('an alteration that dies between two parts is made whole by another', async () => {
  const { others, when } = world()
  const { revision } = await others.configs.put(stoppedRow(), undefined)
  const dying = () => Promise.reject(new Error('the process ended'))

  await assert.rejects(
    when('transact', dying, 3).offsets.alter(connector, revision, manyOffsets(1n)),
  )
  assert.ok((await others.offsets.read(connector)).length < 150)

  await others.offsets.alter(connector, revision, manyOffsets(1n))
  assert.deepEqual(await others.offsets.read(connector), manyOffsets(1n))
})

test('an offset that a task commits just before all are forgotten is forgotten too', async () => {
  const { others, when } = world()
  const { revision } = await others.configs.put(stoppedRow(), undefined)
  const lease = await taken(others, { connector })

  const { offsets } = when('transact', () => others.offsets.commit(lease, manyOffsets(1n)))
  await offsets.alter(connector, revision, 'forget all')

  assert.deepEqual(await others.offsets.read(connector), [])
})
