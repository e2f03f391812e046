import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import { ConfigError } from '../../lib/errors.ts'
import type { LogLevels } from '../../lib/ports.ts'
import { type MakeStores, testClock } from './made-stores.ts'

/** Levels of the cluster are everybody's, so names of a test's own tell them apart. */
const newLogger = () => `test.${randomUUID()}`

const readOf = async (logLevels: LogLevels, worker: string | undefined, prefix: string) =>
  (await logLevels.read(worker))
    .filter(({ logger }) => logger.startsWith(prefix))
    .map(({ logger, level }) => `${logger.slice(prefix.length)}=${level}`)

export function logLevelsContract(name: string, makeStores: MakeStores): void {
  suite(`log levels on ${name}`, () => {
    test("a worker sees its own and the cluster's, and no other's", async () => {
      const { logLevels } = await makeStores(testClock())
      const [logger, one, other] = [newLogger(), randomUUID(), randomUUID()]

      await logLevels.set(one, `${logger}.one`, 'DEBUG')
      await logLevels.set(other, `${logger}.other`, 'TRACE')
      await logLevels.set(undefined, `${logger}.all`, 'OFF')

      assert.deepEqual(await readOf(logLevels, one, logger), ['.one=DEBUG', '.all=OFF'])
      assert.deepEqual(await readOf(logLevels, other, logger), ['.other=TRACE', '.all=OFF'])
      assert.deepEqual(await readOf(logLevels, undefined, logger), ['.all=OFF'])
    })

    test('what was set later is later, though the clock stands still or runs behind', async () => {
      const clock = testClock()
      const { logLevels } = await makeStores(clock)
      const [logger, worker] = [newLogger(), randomUUID()]

      await logLevels.set(worker, `${logger}.1`, 'DEBUG')
      await logLevels.set(undefined, `${logger}.2`, 'INFO')
      clock.advance(-60_000)
      await logLevels.set(worker, `${logger}.3`, 'WARN')
      await logLevels.set(worker, `${logger}.1`, 'ERROR')

      assert.deepEqual(await readOf(logLevels, worker, logger), ['.2=INFO', '.3=WARN', '.1=ERROR'])
    })

    test("clearing a worker's leaves the cluster's and the others'", async () => {
      const { logLevels } = await makeStores(testClock())
      const [logger, one, other] = [newLogger(), randomUUID(), randomUUID()]
      for (const worker of [one, other, undefined]) await logLevels.set(worker, logger, 'DEBUG')

      await logLevels.clear(one)

      assert.deepEqual(await readOf(logLevels, one, logger), ['=DEBUG'])
      assert.deepEqual(await readOf(logLevels, other, logger), ['=DEBUG', '=DEBUG'])
    })

    test('a name that is too long to be stored is refused', async () => {
      const { logLevels } = await makeStores(testClock())

      await assert.rejects(logLevels.set(undefined, 'x'.repeat(2_000), 'DEBUG'), ConfigError)
    })
  })
}
