import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { cell, keyTable } from '../infra/docs/key-table.ts'
import { PLUGINS_PAGE, pluginsPage } from '../infra/docs/plugins-page.ts'
import { pretty, recordJson } from '../infra/docs/readable.ts'
import type { ConfigDef } from '../lib/config/config-def.ts'
import { Decimal, Instant, Sized } from '../lib/data/value.ts'
import { localPlugins } from '../lib/local/plugins.ts'

test('docs/plugins.md says what the declarations say', async () => {
  const said = await readFile(PLUGINS_PAGE, 'utf8').catch(() => '')

  // No comparison of both texts: a reader is helped by the command, not by a thousand lines.
  assert.ok(said === (await pluginsPage()), 'docs/plugins.md is stale; `npm run docs` writes it')
})

test('every plugin stands in it with its class name and each of its keys', async () => {
  const page = await pluginsPage()

  for (const { name, config } of localPlugins.all) {
    assert.ok(page.includes(`\`${name}\``), name)
    for (const key of Object.keys(config)) assert.ok(page.includes(`| \`${key}\` |`), key)
  }
})

test('the row of a key tells its type, default, valid values, importance and text', () => {
  const def = {
    mode: {
      type: 'string',
      importance: 'high',
      oneOf: ['a', 'b'],
      doc: 'Either <code>a</code> or\n<b> | c.',
    },
    size: { type: 'int', importance: 'low', default: 5, atLeast: 1, doc: 'Size.' },
    name: { type: 'string', importance: 'medium', default: null, doc: 'Name.' },
    list: { type: 'list', importance: 'medium', default: [], oneOfIgnoringCase: ['X'], doc: 'L.' },
  } as const satisfies ConfigDef

  assert.deepEqual(keyTable(def).split('\n').slice(2), [
    '| `mode` | string | required | `a`, `b` | high | Either `a` or &lt;b&gt; \\| c. |',
    '| `size` | int | `5` | at least 1 | low | Size. |',
    '| `name` | string | none |  | medium | Name. |',
    '| `list` | list | empty | `X` in any case | medium | L. |',
  ])
  assert.equal(keyTable({}), 'It has no settings.')
})

test('what a text has in backticks stays as it is', () => {
  assert.equal(cell('so: `a<b>` and <b>'), 'so: `a<b>` and &lt;b&gt;')
})

test('a record is shown as JSON that a reader understands', () => {
  const shown = recordJson({
    keySchema: { type: 'int64' },
    key: 9_007_199_254_740_993n,
    valueSchema: {
      type: 'struct',
      name: 'Order',
      fields: [
        { name: 'at', schema: { type: 'int64', optional: true } },
        { name: 'tags', schema: { type: 'array', values: { type: 'string' } } },
      ],
    },
    value: new Map<string, never>(
      Object.entries({
        at: new Instant(0),
        price: new Decimal(1050n, 2),
        n: new Sized('int8', 1),
        raw: Buffer.from('x'),
        tags: ['a', null],
        id: 7n,
      }) as [string, never][], // A Map's values have one type, these have many.
    ),
    headers: [{ key: 'h', schema: null, value: 'v' }],
  })

  assert.deepEqual(shown, {
    keySchema: 'int64',
    key: '9007199254740993',
    valueSchema: {
      type: 'struct',
      name: 'Order',
      fields: {
        at: { type: 'int64', optional: true },
        tags: { type: 'array', values: 'string' },
      },
    },
    value: {
      at: '1970-01-01T00:00:00.000Z',
      price: '10.50',
      n: 1,
      raw: 'base64 eA==',
      tags: ['a', null],
      id: 7,
    },
    headers: [{ key: 'h', value: 'v' }],
  })
})

test('JSON that fits stands on one line, longer JSON a member a line', () => {
  const long = { list: ['x'.repeat(60), 'y'.repeat(60)], empty: {}, n: 1 }

  assert.equal(pretty({ a: [1, null] }), '{ "a": [1, null] }')
  assert.equal(
    pretty(long),
    `{\n  "list": [\n    "${'x'.repeat(60)}",\n    "${'y'.repeat(60)}"\n  ],\n  "empty": {},\n  "n": 1\n}`,
  )
  assert.deepEqual(JSON.parse(pretty(long)), long)
})
