import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { locked } from '../../infra/stack/lock.ts'

const dir = mkdtempSync(join(tmpdir(), 'lock-'))
after(() => rmSync(dir, { recursive: true }))

const quietly = () => {}

test('one piece of work waits for the other', async () => {
  const file = join(dir, 'one.db')
  const order: string[] = []
  const waiting = Promise.withResolvers<void>()

  const first = locked(
    file,
    async () => {
      order.push('first begins')
      await waiting.promise
      order.push('first ends')
    },
    quietly,
  )
  const second = locked(file, async () => order.push('second'), waiting.resolve)
  await Promise.all([first, second])

  assert.deepEqual(order, ['first begins', 'first ends', 'second'])
})

test('the lock is free again when the work has failed', async () => {
  const file = join(dir, 'failed.db')
  const failing = locked(file, () => Promise.reject(new Error('no')), quietly)
  await assert.rejects(failing, /no/)

  assert.equal(await locked(file, async () => 'done', quietly), 'done')
})

test('a holder that is killed has let go', async () => {
  const file = join(dir, 'killed.db')
  const lockUrl = new URL('../../infra/stack/lock.ts', import.meta.url)
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { locked } from '${lockUrl}'
       await locked(${JSON.stringify(file)}, async () => {
         console.log('held')
         await new Promise(() => setInterval(() => {}, 1000))
       }, () => {})`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(holder.stdout, 'data')

  const next = locked(
    file,
    async () => 'mine',
    () => holder.kill('SIGKILL'),
  )

  assert.equal(await next, 'mine')
})
