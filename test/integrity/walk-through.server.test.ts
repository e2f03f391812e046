import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const demo = fileURLToPath(new URL('../../infra/demo.ts', import.meta.url))

test('the demo: every row of MySQL arrives in Redis with the right value', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [demo, '--rows', '20000'], {
    // It waits for another that uses the sample's topics.
    timeout: 400_000,
  })

  assert.match(stdout, /Every one of 22,020 rows arrived in Redis with the right value/)
  assert.match(stdout, /topic test_order does not exist yet/)
})
