// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  hasReference,
  referencesIn,
  replaceAll,
  replaceReferences,
} from '../../lib/config/references.ts'

const SHAPES: readonly { title: string; text: string; want: readonly string[][] }[] = [
  {
    title: 'alias, path and key',
    text: '${file:/a/b.properties:k}',
    want: [['file', '/a/b.properties', 'k']],
  },
  { title: 'alias and key', text: '${env:HOME}', want: [['env', '', 'HOME']] },
  { title: 'an empty path', text: '${env::HOME}', want: [['env', '', 'HOME']] },
  { title: 'an empty key', text: '${secrets:path:}', want: [['secrets', 'path', '']] },
  { title: 'a colon in the key', text: '${a:b:c:d}', want: [['a', 'b', 'c:d']] },
  { title: 'an empty alias', text: '${:k}', want: [['', '', 'k']] },
  {
    title: 'several, with text around',
    text: 'x${a:k}y${b:p:k}z',
    want: [
      ['a', '', 'k'],
      ['b', 'p', 'k'],
    ],
  },
  { title: 'a line break within', text: '${a:p\nq:k}', want: [['a', 'p\nq', 'k']] },
  { title: 'no colon: no reference', text: '${topic}', want: [] },
  { title: 'no end: no reference', text: '${a:b', want: [] },
  { title: 'braces alone: no reference', text: '{a:b}', want: [] },
  {
    title: 'a reference within one: the first brace ends it',
    text: '${a:${b:k}}',
    want: [['a', '${b', 'k']],
  },
  { title: 'a dollar before it: there is no escaping', text: '$${a:k}', want: [['a', '', 'k']] },
]

for (const { title, text, want } of SHAPES)
  test(`a reference is found: ${title}`, () => {
    const found = referencesIn(text).map(({ alias, path, key }) => [alias, path, key])

    assert.deepEqual(found, want)
  })

test('what is known is replaced, with the text around it; the rest stays as it is', () => {
  const known = new Map([['${env:USER}', 'app']])

  const replaced = replaceReferences('${env:USER}@${env:HOST}/${other:x:y}', ({ text }) =>
    known.get(text),
  )

  assert.equal(replaced, 'app@${env:HOST}/${other:x:y}')
})

test('a value may hold what looks like a pattern of a replacement or like a reference: it is taken as it is', () => {
  const replaced = replaceReferences('<${a:k}>', () => '$& $1 ${a:k} \\')

  assert.equal(replaced, '<$& $1 ${a:k} \\>')
})

test('an empty value replaces its reference', () => {
  const replaced = replaceReferences('[${a:k}]', () => '')

  assert.equal(replaced, '[]')
})

test('in a configuration every text is replaced, and null stays null', () => {
  const replaced = replaceAll({ a: '${x:k}', b: null, c: 'plain' }, ({ key }) => key.toUpperCase())

  assert.deepEqual(replaced, { a: 'K', b: null, c: 'plain' })
})

test('a text has a reference only where one of its aliases is known', () => {
  const found = ['${env:A}', 'x ${no:A} ${env:A}', '${no:A}', 'env:A', '', null, undefined].map(
    (text) => hasReference(text, ['env', 'file']),
  )

  assert.deepEqual(found, [true, true, false, false, false, false, false])
})
