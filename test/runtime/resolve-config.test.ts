// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, RetriableError, traceOf } from '../../lib/errors.ts'
import type { ConfigProvider } from '../../lib/ports.ts'
import { runningConfig } from '../../lib/runtime/resolve-config.ts'

function placesWith(configProviders: Readonly<Record<string, ConfigProvider>>) {
  const warnings: string[] = []
  return {
    configProviders,
    warnings,
    log: { warn: (message: string) => void warnings.push(message) },
  }
}

const VALUES: Readonly<Record<string, string>> = {
  '/db user': 'app',
  '/db password': 'p$&w',
  ' HOST': 'h',
}

const asked: string[] = []
const vault: ConfigProvider = {
  async get(path, key) {
    asked.push(`${path} ${key}`)
    return VALUES[`${path} ${key}`]
  },
}

test('references of known aliases become what lies there, the rest stays', async () => {
  const places = placesWith({ vault })

  const config = await runningConfig(
    {
      url: 'jdbc:mysql://${vault:HOST}/db?user=${vault:/db:user}&password=${vault:/db:password}',
      other: '${nobody:/db:user} ${vault}',
      plain: 'x',
      nothing: null,
    },
    places,
  )

  assert.deepEqual(config, {
    url: 'jdbc:mysql://h/db?user=app&password=p$&w',
    other: '${nobody:/db:user} ${vault}',
    plain: 'x',
    nothing: null,
  })
  assert.deepEqual(places.warnings, [])
})

test('a reference that stands in several places is looked up once', async () => {
  asked.length = 0

  await runningConfig({ a: '${vault:/db:user}', b: '-${vault:/db:user}-' }, placesWith({ vault }))

  assert.deepEqual(asked, ['/db user'])
})

test('where nothing lies the reference stays, and that is said', async () => {
  const places = placesWith({ vault })

  const config = await runningConfig({ count: '${vault:NOPE}' }, places)

  assert.deepEqual(config, { count: '${vault:NOPE}' })
  assert.deepEqual(places.warnings, ['Nothing lies at ${vault:NOPE}: the reference stays as it is'])
})

for (const { title, error } of [
  { title: 'a place that does not answer may heal', error: new RetriableError('timed out') },
  { title: 'a place that is wrong does not', error: new ConfigError('no such secret') },
])
  test(`${title}, and the error names alias and path`, async () => {
    const broken: ConfigProvider = { get: () => Promise.reject(error) }
    const config = { known: '${vault:/db:password}', url: '${broken:/prod/db:password}' }

    const resolving = runningConfig(config, placesWith({ vault, broken }))

    await assert.rejects(resolving, (thrown: Error) => {
      assert.equal(
        thrown.message,
        `Could not resolve \${broken:/prod/db:password}: ${error.message}`,
      )
      assert.equal((thrown as RetriableError).retriable, error.retriable)
      assert.doesNotMatch(traceOf(thrown), /p\$&w/)
      return true
    })
  })

test('an alias is one that was declared, not what every object has', async () => {
  const config = await runningConfig({ a: '${constructor:x}' }, placesWith({}))

  assert.deepEqual(config, { a: '${constructor:x}' })
})
