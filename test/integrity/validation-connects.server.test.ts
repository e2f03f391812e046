// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BenchServers, openServers } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { silentPort } from '../connectors/silent-port.ts'
import { ask } from './rest-client.ts'

let servers: BenchServers
let connectless: ConnectlessProcess
let silent: Awaited<ReturnType<typeof silentPort>>

before(async () => {
  silent = await silentPort()
  process.env['VALIDATION_TEST_SECRET'] = 'no-such-password'
  servers = await openServers()
  await servers.table(`${servers.name}_t`, 1)
  connectless = await servers.connectless({
    'config.providers': 'env',
    'config.providers.env.param.allowlist.pattern': 'VALIDATION_TEST_.*',
  })
})

after(async () => {
  await servers.close()
  await silent.close()
})

type Shown = {
  readonly error_count: number
  readonly configs: readonly {
    readonly value: { readonly name: string; readonly errors: readonly string[] }
  }[]
}

async function validate(changes: Readonly<Record<string, string>>) {
  const config = { ...servers.sourceConfig(`${servers.name}_t`), name: 'v', ...changes }
  const startedAt = performance.now()
  const path = '/connector-plugins/ExampleSource/config/validate'
  const { status, text } = await ask(connectless.url, 'PUT', path, config)
  assert.equal(status, 200, text)
  const { error_count, configs } = JSON.parse(text) as Shown
  const errors = configs.flatMap(({ value }) => value.errors.map((one) => [value.name, one]))
  return { error_count, errors, text, tookMs: performance.now() - startedAt }
}

test('a configuration that the server takes is right', async () => {
  const { error_count, errors } = await validate({})

  assert.deepEqual({ error_count, errors }, { error_count: 0, errors: [] })
})

test('servers that do not answer are named within 20 s, and nobody else waits for them', async () => {
  const places = [`10.255.255.1:3306`, `127.0.0.1:${silent.port}`]
  const validating = places.map((place) => validate({ 'database.url': `jdbc:mysql://${place}/d` }))

  const startedAt = performance.now()
  const other = await ask(connectless.url, 'GET', '/connectors')
  const otherMs = performance.now() - startedAt

  for (const [at, { error_count, errors, tookMs }] of (await Promise.all(validating)).entries()) {
    assert.equal(error_count, 1)
    assert.equal(errors[0]?.[0], 'database.url')
    assert.match(
      errors[0]?.[1] ?? '',
      new RegExp(`^Connecting to MySQL at ${places[at]}, database d failed: `),
    )
    assert.ok(tookMs < 20_000, `it took ${tookMs} ms`)
  }
  assert.equal(other.status, 200)
  assert.ok(otherMs < 2_000, `it took ${otherMs} ms`)
})

test('a reference is looked up for the server and shown to nobody', async () => {
  const reference = '${env:VALIDATION_TEST_SECRET}'
  const denied = await validate({ 'database.password': reference })
  const odd = await validate({ 'poll.interval.ms': reference })

  assert.match(denied.errors[0]?.[1] ?? '', /Access denied for user .* \(using password: YES\)/)
  assert.deepEqual(
    denied.errors.map(([key]) => key),
    ['database.username', 'database.password'],
  )
  assert.deepEqual(odd.errors[0], [
    'poll.interval.ms',
    'Invalid value [hidden] for configuration poll.interval.ms: Not a number of type INT',
  ])
  assert.doesNotMatch(denied.text + odd.text, /no-such-password/)
})

test('a table that is not there is named', async () => {
  const { errors } = await validate({ 'database.tables': 'none_such' })

  const { host, port } = addresses().mysql
  assert.deepEqual(errors, [
    [
      'database.tables',
      `Reading table none_such of MySQL at ${host}:${port}, database ${servers.database} failed: Table '${servers.database}.none_such' doesn't exist (database.tables)`,
    ],
  ])
})
