import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import type { Rows } from '../../lib/store/rows.ts'
import { workerRows } from '../../lib/store/worker-rows.ts'
import { testClock } from './made-stores.ts'

export function workersContract(name: string, makeRows: () => Promise<Rows>): void {
  suite(`workers on ${name}`, () => {
    test('a worker lives until it leaves or its time is over', async () => {
      const clock = testClock()
      const workers = workerRows(await makeRows(), clock)
      const [stays, leaves, dies] = ['stays', 'leaves', 'dies'].map((id) => `${id} ${randomUUID()}`)
      const living = async () => {
        const all = await workers.living()
        return [stays, leaves, dies].map((id) => all.includes(id ?? ''))
      }
      for (const id of [stays, leaves, dies]) await workers.beat(id ?? '', 10_000)

      const atFirst = await living()
      await workers.leave(leaves ?? '')
      clock.advance(5_000)
      await workers.beat(stays ?? '', 10_000)
      clock.advance(5_000)

      assert.deepEqual(atFirst, [true, true, true])
      assert.deepEqual(await living(), [true, false, false])
    })
  })
}
