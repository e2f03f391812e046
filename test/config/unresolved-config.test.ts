// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigDef } from '../../lib/config/config-def.ts'
import { parseUnresolved } from '../../lib/config/unresolved-config.ts'

const about = { importance: 'high', doc: 'A setting.' } as const
const DEF = {
  url: { type: 'string', ...about, refuse: (url) => (url?.startsWith('jdbc:') ? undefined : 'no') },
  tables: { type: 'list', ...about },
  password: { type: 'password', ...about },
  rows: { type: 'int', default: 10, atLeast: 1, ...about },
  port: { type: 'int', atLeast: 1, ...about },
  quick: { type: 'boolean', default: true, ...about },
} as const satisfies ConfigDef

const PLAIN = { url: 'jdbc:x', tables: 'a,b', password: 'p', port: '1' }

const parse = (changes: Readonly<Record<string, string>>) =>
  parseUnresolved(DEF, { ...PLAIN, ...changes }, ['env'])

test('without references it is parsed and checked as ever', () => {
  const parsed = parse({ rows: '5' })

  assert.deepEqual([parsed.tables, parsed.rows, parsed.quick], [['a', 'b'], 5, true])
  assert.throws(() => parse({ url: 'x' }), { message: 'Invalid value x for configuration url: no' })
  assert.throws(() => parse({ rows: '0' }), /Value must be at least 1/)
})

test('texts, lists and passwords with references are as they stand there, and no rule is asked', () => {
  const { url, tables, password } = parse({
    url: '${env:URL}',
    tables: 'a,${env:TABLES}',
    password: '${env:P}',
  })

  assert.equal(url, '${env:URL}')
  assert.deepEqual(tables, ['a', '${env:TABLES}'])
  assert.equal(password.reveal(), '${env:P}')
})

test('a number or boolean that is a reference is its default, or null', () => {
  const { rows, quick, port } = parse({ rows: '${env:N}', quick: '${env:Q}', port: '${env:P}' })

  assert.deepEqual([rows, quick, port], [10, true, null])
})

test('an alias that nobody knows makes no reference: the text is checked', () => {
  assert.throws(() => parse({ rows: '${other:N}' }), {
    message: 'Invalid value ${other:N} for configuration rows: Not a number of type INT',
  })
})
