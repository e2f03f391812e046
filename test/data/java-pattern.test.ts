import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { javaPattern } from '../../lib/data/java-pattern.ts'

/** What java.util.regex of JDK 17 answers. */
type Recorded = { readonly pattern: string } & (
  | {
      readonly input: string
      readonly matches: boolean
      readonly replacement: string
      /** what replaceFirst gives, or the class of what it throws */
      readonly replaced?: string
      readonly refused?: string
    }
  | { readonly error: string }
)

const recorded = readFileSync(new URL('../fixtures/java/pattern.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  // The file is ours.
  .map((line) => JSON.parse(line) as Recorded)

test('there are hundreds of recorded answers of Java', () => assert.ok(recorded.length > 700))

for (const one of recorded)
  test(`${JSON.stringify(one)} as Java has it`, () => {
    if ('error' in one)
      return assert.throws(() => javaPattern(one.pattern), {
        name: 'IllegalArgumentException',
        message: one.error,
      })
    const pattern = javaPattern(one.pattern)

    const matches = pattern.matches(one.input)

    assert.equal(matches, one.matches)
    const replace = () => pattern.replaceFirst(one.input, one.replacement)
    if (one.refused === undefined) assert.equal(replace(), one.replaced)
    else assert.throws(replace, { name: one.refused })
  })

for (const [pattern, input, matches] of [
  ['((a)|b)+', 'ab', true],
  ['[a-z&&[^p]]+', 'plain', false],
  ['\\Qa.b\\E', 'a.b', true],
  ['(?x) plain # comment', 'plain', true],
  ['\\p{InGreek}\\p{IsGreek}', 'αβ', true],
  ['\\p{IsOld_Italic}|\\p{IsNKO}', 'ߊ', true],
  ['a++a', 'aaa', false],
  ['(?>a*)b', 'aab', true],
  ['.', '\u0085', false],
  ['(?s).', '\u0085', true],
  ['\\d', '٣', false],
  ['(?U)\\d', '٣', true],
  ['(?i)K', '\u212a', false],
  ['(?iu)K', '\u212a', true],
  ['\\bé\\b', 'é', true],
  ['\\w', 'é', false],
] as const)
  test(`${pattern} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(input)}`, () =>
    assert.equal(javaPattern(pattern).matches(input), matches))

test('a group keeps what it has taken, although a later repetition goes without it', () =>
  assert.equal(javaPattern('(?:(a)|b)+').replaceFirst('ab', '<$1>'), '<a>'))

for (const pattern of ['\\X', 'a\\b{g}', '\\N{DIGIT ONE}', '(?c)a'])
  test(`${pattern} is refused, since we do not have it`, () =>
    assert.throws(() => javaPattern(pattern), { message: /not supported/ }))

test('nested repetitions do not take for ever', () => {
  const pattern = javaPattern('(a|aa)+b')

  const matches = pattern.matches('a'.repeat(200))

  assert.equal(matches, false)
})
