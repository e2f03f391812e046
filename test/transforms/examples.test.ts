/** The examples that stand in the files of transforms and predicates: documentation that is run. */
import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseConfig } from '../../lib/config/config-def.ts'
import type { ConnectRecord } from '../../lib/data/record.ts'
import { writeRecord } from '../../lib/data/record-notation.ts'
import { sameSchema, sameValue } from '../../lib/data/schema-equality.ts'
import type { Example, Predicate, Transform } from '../../lib/plugin.ts'
import { plugins } from '../../lib/registry.ts'
import { recordOf } from './examples.ts'

const root = new URL('../../', import.meta.url)

type Tried = Transform | Predicate

const registered = plugins.all.filter(
  (plugin) => plugin.kind === 'transform' || plugin.kind === 'predicate',
)

const modules = await Promise.all(
  globSync('lib/{transforms,predicates}/**/*.ts', { cwd: fileURLToPath(root) }).map(
    async (file): Promise<{ file: string; exported: Readonly<Record<string, unknown>> }> => ({
      file,
      exported: await import(new URL(file, root).href),
    }),
  ),
)

/** The plugins that a file exports: one, or its variants for key and value. */
const pluginsIn = (exported: Readonly<Record<string, unknown>>): Tried[] =>
  Object.values(exported)
    .flat()
    .filter((one): one is Tried => registered.includes(one as Tried))

const files = modules
  .map(({ file, exported }) => ({
    file,
    variants: pluginsIn(exported),
    // Which the contract of a plugin's file says it exports.
    examples: (exported['examples'] ?? []) as readonly Example[],
  }))
  .filter(({ variants }) => variants.length > 0)

test('every transform and predicate of the registry comes from a file with two to four examples', () => {
  const found = files.flatMap(({ variants }) => variants.map(({ name }) => name))
  const wrong = files.filter(({ examples }) => examples.length < 2 || examples.length > 4)

  assert.deepEqual(found.sort(), registered.map(({ name }) => name).sort())
  assert.ok(found.length > 0)
  assert.deepEqual(
    wrong.map(({ file }) => file),
    [],
  )
})

for (const { file, variants, examples } of files)
  for (const example of examples)
    test(`${file}: ${example.title}`, () => {
      const { on = 'Value', config, have, want } = example
      const plugin = variants.length === 1 ? variants[0] : variants.find(isOn(on))
      assert.ok(plugin)
      const record = recordOf(have)

      const answer = answerOf(plugin, config, record)

      if (typeof answer === 'boolean' || want === null || typeof want === 'boolean')
        return assert.equal(answer, want)
      assert.ok(answer)
      const wanted = { ...record, ...want }
      assert.ok(sameRecord(answer, wanted), `answered ${shown(answer)}, wanted ${shown(wanted)}`)
    })

const isOn = (side: string) => (plugin: Tried) => plugin.name.endsWith(`$${side}`)

function answerOf(
  plugin: Tried,
  config: Example['config'],
  record: ConnectRecord,
): ConnectRecord | boolean | null {
  const parsed = parseConfig(plugin.config, config)
  return plugin.kind === 'transform'
    ? plugin.configure(parsed).apply(record)
    : plugin.configure(parsed).test(record)
}

type Datum = Pick<ConnectRecord['headers'][number], 'schema' | 'value'>

const sameDatum = (one: Datum, other: Datum): boolean =>
  (one.schema === null || other.schema === null
    ? one.schema === other.schema
    : sameSchema(one.schema, other.schema)) && sameValue(one.value, other.value)

const sameRecord = (one: ConnectRecord, other: ConnectRecord): boolean =>
  one.topic === other.topic &&
  one.partition === other.partition &&
  one.timestamp === other.timestamp &&
  sameDatum(keySide(one), keySide(other)) &&
  sameDatum(valueSide(one), valueSide(other)) &&
  one.headers.length === other.headers.length &&
  one.headers.every((header, at) => {
    const counterpart = other.headers[at]
    return counterpart && header.key === counterpart.key && sameDatum(header, counterpart)
  })

const keySide = ({ keySchema, key }: ConnectRecord): Datum => ({ schema: keySchema, value: key })
const valueSide = ({ valueSchema, value }: ConnectRecord): Datum => ({ schema: valueSchema, value })
const shown = (record: ConnectRecord): string => JSON.stringify(writeRecord(record))
