import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classesOf } from '../../lib/config/class-names.ts'
import { type ConfigDef, parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import { aliasesIn, chainConfig, requiredChainConfig } from '../../lib/config/transform-config.ts'

const about = { doc: 'A setting.' } as const

const config: ConfigDef = {
  optional: { type: 'string', importance: 'low', default: null, ...about },
  b: { type: 'string', importance: 'high', ...about },
  a: { type: 'string', importance: 'high', ...about },
  grouped: { type: 'string', importance: 'high', group: 'G', dependents: ['a'], ...about },
}

const classes = classesOf([
  { kind: 'transform', name: 't.Upper', version: '1.2', config },
  { kind: 'predicate', name: 'p.Tombstone', version: '1', config: {} },
])

const ONE = { transforms: 'x', 'transforms.x.type': 't.Upper' }

test("an alias has its type and version, then what is required, then by importance and name, a plugin's groups last", () => {
  const def = chainConfig({ config: ONE, classes })

  assert.deepEqual(
    Object.entries(def).map(([name, key]) => [name, key.group, key.orderInGroup]),
    [
      ['transforms.x.type', 'Transforms: x', 0],
      ['transforms.x.plugin.version', 'Transforms: x', 1],
      ['transforms.x.a', 'Transforms: x', 2],
      ['transforms.x.b', 'Transforms: x', 3],
      ['transforms.x.negate', 'Transforms: x', 4],
      ['transforms.x.predicate', 'Transforms: x', 5],
      ['transforms.x.optional', 'Transforms: x', 6],
      ['transforms.x.grouped', 'Transforms: x: G', 7],
    ],
  )
  assert.deepEqual(def['transforms.x.grouped']?.dependents, ['transforms.x.a'])
  assert.equal(def['transforms.x.plugin.version']?.default, '1.2')
})

test('an alias listed twice has its keys once, and predicates come after transforms', () => {
  const given = { ...ONE, transforms: 'x, x', predicates: 'p', 'predicates.p.type': 'Tombstone' }

  const names = Object.keys(chainConfig({ config: given, classes }))

  assert.deepEqual(aliasesIn(given, 'transforms'), ['x'])
  assert.deepEqual(names.slice(-2), ['predicates.p.type', 'predicates.p.plugin.version'])
  assert.equal(names.filter((name) => name === 'transforms.x.type').length, 1)
})

for (const { title, given, message } of [
  {
    title: 'a plugin that is not there',
    given: { 'transforms.x.type': 'Nope' },
    message:
      'Invalid value Nope for configuration transforms.x.type: Class Nope could not be found.',
  },
  {
    title: 'no type',
    given: {},
    message: 'Invalid value null for configuration transforms.x.type: Not a Transformation',
  },
  {
    title: 'a plugin of another kind',
    given: { 'transforms.x.type': 'Tombstone' },
    message: 'Class class p.Tombstone does not implement the Transformation interface',
  },
  {
    title: 'a version that is not there',
    given: { 'transforms.x.type': 'Upper', 'transforms.x.plugin.version': '[2,)' },
    message:
      'Plugin t.Upper not found that matches the version range [2,), available versions: [1.2]',
  },
  {
    title: 'a version that is none',
    given: { 'transforms.x.type': 'Upper', 'transforms.x.plugin.version': '[2' },
    message: 'Unbounded range: [2',
  },
]) {
  const raw: RawConfig = { transforms: 'x', ...given }

  test(`a task does not start with ${title}`, () => {
    assert.throws(() => requiredChainConfig({ config: raw, classes }), {
      name: 'ConfigException',
      message,
    })
  })

  test(`validation knows type and version alone of ${title}`, () => {
    assert.deepEqual(Object.keys(chainConfig({ config: raw, classes })), [
      'transforms.x.type',
      'transforms.x.plugin.version',
    ])
  })
}

test('negate without a predicate is refused when the chain is parsed', () => {
  const raw = { ...ONE, 'transforms.x.negate': 'true', 'transforms.x.a': '', 'transforms.x.b': '' }

  assert.throws(() => parseConfig(requiredChainConfig({ config: raw, classes }), raw), {
    message:
      "Config 'transforms.x.negate' was provided but there is no config 'transforms.x.predicate' defining a predicate to be negated.",
  })
})
