// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startConnectless } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'

const PASSWORD = 'pass:word-that-nobody-sees'

function workerIn(dir: string, properties: Record<string, string>) {
  const own = {
    'bootstrap.servers': addresses().kafka['bootstrap.servers'],
    'group.id': 'rest-access',
    store: `sqlite:${dir}/rows.db`,
    ...properties,
  }
  return startConnectless(own, join(dir, 'log'))
}

test('without users it does not start on an address that others reach', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'rest-access-'))
  t.after(() => rmSync(dir, { recursive: true }))

  await assert.rejects(
    workerIn(dir, { listeners: 'http://0.0.0.0:0' }),
    /configuration listeners: Without rest\.basic\.users/,
  )
})

test('users of a file come in, others do not, and no password is logged', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'rest-access-'))
  t.after(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'users.properties'), `alice=${PASSWORD}\n`)
  const worker = await workerIn(dir, {
    listeners: 'http://0.0.0.0:0',
    'config.providers': 'dir',
    'rest.basic.users': `\${dir:${dir}:users.properties}`,
    'rest.extension.classes':
      'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension',
  })
  t.after(() => worker.stop())
  const ask = async (user: string, password: string) => {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const answer = await fetch(`${worker.url}/connectors`, { headers: { authorization } })
    return [answer.status, await answer.text()]
  }

  assert.deepEqual(await ask('alice', PASSWORD), [200, '[]'])
  assert.deepEqual(await ask('alice', 'x'), [401, 'User cannot access the resource.'])
  assert.equal((await fetch(`${worker.url}/nope`)).status, 401)
  assert.ok(!readFileSync(join(dir, 'log'), 'utf8').includes(PASSWORD))
})
