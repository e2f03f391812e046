import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConfigError, ConflictError } from '../../lib/errors.ts'
import { type MakeStores, newConnector, newName, testClock } from './made-stores.ts'

const STATE = {
  readBy: { a: 'connect-c-a' },
  saved: { a: { 0: '9007199254740993' } },
  mirrored: ['a', 'b'],
} as const

export function groupStatesContract(name: string, makeStores: MakeStores): void {
  suite(`states of groups on ${name}`, () => {
    test('a state comes back as it was written, also in the view of its connector, and is listed with what is mirrored', async () => {
      const { groupStates, configs, connectors } = await makeStores(testClock())
      const connector = await newConnector(configs)
      const listed = async () =>
        (await groupStates.mirrored()).filter((one) => one.connector === connector)

      const before = await groupStates.read(connector)
      await groupStates.write(connector, { ...STATE, changingUntil: 5 }, undefined)
      const written = await groupStates.read(connector)
      const view = await connectors.view(connector)
      const mirrored = await listed()
      await groupStates.write(connector, { ...STATE, mirrored: [] }, 1)

      assert.equal(before, undefined)
      assert.deepEqual(written, { ...STATE, changingUntil: 5, revision: 1 })
      assert.deepEqual(view?.groups, written)
      assert.deepEqual(mirrored, [{ connector, topics: ['a', 'b'] }])
      assert.deepEqual(await listed(), [])
      assert.equal((await groupStates.read(connector))?.changingUntil, undefined)
    })

    test('of two who change the same state one is too late', async () => {
      const { groupStates, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)
      const write = (seen: number | undefined) => groupStates.write(connector, STATE, seen)

      await write(undefined)
      await assert.rejects(write(undefined), ConflictError)
      await write(1)
      await assert.rejects(write(1), ConflictError)

      assert.equal((await groupStates.read(connector))?.revision, 2)
    })

    test('it goes with its connector, and is written to none that is deleted or not there', async () => {
      const { groupStates, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)
      await groupStates.write(connector, STATE, undefined)
      const row = await configs.get(connector)
      assert.ok(row)
      const deleted = await configs.put({ ...row, deleted: true }, row.revision)

      await assert.rejects(groupStates.write(connector, STATE, 1), ConflictError)
      await assert.rejects(groupStates.write(newName(), STATE, undefined), ConflictError)
      await configs.remove(connector, deleted.revision)

      assert.equal(await groupStates.read(connector), undefined)
      const names = (await groupStates.mirrored()).map((one) => one.connector)
      assert.ok(!names.includes(connector))
    })

    test('one that is too large is refused', async () => {
      const { groupStates, configs } = await makeStores(testClock())
      const connector = await newConnector(configs)
      const offsets = Object.fromEntries(
        Array.from({ length: 30_000 }, (_, at) => [at, '1234567890']),
      )

      const writing = groupStates.write(connector, { ...STATE, saved: { a: offsets } }, undefined)

      await assert.rejects(writing, ConfigError)
    })
  })
}
