import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConfigDef, parseConfig, validateConfig } from '../../lib/config/config-def.ts'
import { distinctItems, refuseEmptyList, someDistinctItems } from '../../lib/config/valid-list.ts'
import { ConfigError } from '../../lib/errors.ts'

const list = { type: 'list', importance: 'high', doc: '' } as const

const DEF = {
  any: { ...list, default: [], ...distinctItems('any') },
  some: { ...list, ...someDistinctItems('some') },
  filled: { ...list, refuse: refuseEmptyList },
} as const satisfies ConfigDef

const FINE = { any: 'a', some: 'b', filled: 'c' }

const REFUSED: readonly [keyof typeof DEF, string, string][] = [
  ['any', 'a,b,a', "Configuration 'any' values must not be duplicated."],
  ['any', 'a,,b', "Configuration 'any' values must not be empty."],
  ['some', '', "Configuration 'some' must not be empty. Valid values include: any non-empty value"],
  ['some', ',', "Configuration 'some' values must not be duplicated."],
  ['some', 'a,', "Configuration 'some' values must not be empty."],
  ['filled', ' ', 'Invalid value [] for configuration filled: Empty list'],
]

for (const [key, text, message] of REFUSED)
  test(`validation says of "${text}" for ${key}: ${message}`, () => {
    const values = validateConfig(DEF, { ...FINE, [key]: text })

    assert.deepEqual(
      values.flatMap(({ errors }) => errors),
      [message],
    )
  })

test('a list may be empty where nothing else is said, and repeat itself where it is only not empty', () => {
  const values = validateConfig(DEF, { ...FINE, any: '', filled: 'a,a,' })

  assert.deepEqual(
    values.flatMap(({ errors }) => errors),
    [],
  )
})

test('a list that is missing is also null', () => {
  const [, some, filled] = validateConfig(DEF, {})

  assert.deepEqual(some?.errors, [
    'Missing required configuration "some" which has no default value.',
    "Configuration 'some' values must not be null.",
  ])
  assert.equal(filled?.errors[1], 'Invalid value null for configuration filled: Empty list')
})

test('a plugin is configured without what is repeated', () => {
  const parsed = parseConfig(DEF, { any: 'a,b,a', some: 'x,x', filled: 'y,y' })

  assert.deepEqual(parsed, { any: ['a', 'b'], some: ['x'], filled: ['y', 'y'] })
})

test('repeated commas are one empty item then, which is refused as such', () => {
  assert.throws(
    () => parseConfig(DEF, { ...FINE, some: ',' }),
    new ConfigError("Configuration 'some' values must not be empty."),
  )
})
