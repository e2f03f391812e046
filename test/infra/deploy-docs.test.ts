import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

const text = (file: string) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8')

/** The keys under params.default. */
async function declared(): Promise<string[]> {
  const [, block = ''] =
    /^ {2}default:\n((?: {4}.*\n|\n)+)/m.exec(await text('serverless.yml')) ?? []
  return Array.from(block.matchAll(/^ {4}(\w+):/gm), ([, name = '']) => name)
}

test('docs/deploy.md has a row for each parameter of serverless.yml, and for no other', async () => {
  const [, table = ''] = (await text('docs/deploy.md')).split('| parameter |')
  const [rows = ''] = table.split('\n\n')
  const told = rows
    .split('\n')
    .slice(2)
    .flatMap((row) =>
      Array.from((row.split('|')[1] ?? '').matchAll(/`(\w+)`/g), ([, name]) => name),
    )

  const names = await declared()
  assert.ok(names.length > 20)
  assert.deepEqual(told.sort(), names.sort())
})

test('what its commands give as parameters exists', async () => {
  const names = await declared()
  const given = Array.from(
    (await text('docs/deploy.md')).matchAll(/--param (\w+)=/g),
    ([, name = '']) => name,
  )

  assert.deepEqual(
    given.filter((name) => !names.includes(name)),
    [],
  )
})

test('each parameter is used by what serverless.yml refers to, and none that is not declared', async () => {
  const files = [
    'alarms',
    'api',
    'clearing',
    'concurrency',
    'environment',
    'network',
    'plugins',
    'roles',
    'scheduler',
    'table',
  ]
  const texts = [
    await text('serverless.yml'),
    ...(await Promise.all(files.map((name) => text(`infra/${name}.yml`)))),
  ]
  const used = texts.flatMap((one) =>
    Array.from(one.matchAll(/\$\{param:(\w+)\}/g), ([, name]) => name),
  )

  assert.deepEqual([...new Set(used)].sort(), (await declared()).sort())
})
