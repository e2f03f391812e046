import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, ConnectError } from '../../lib/errors.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { transformsOf } from '../../lib/runtime/transforms.ts'
import { recordOf } from './scripted-source.ts'
import { chainOf, TRANSFORMS } from './scripted-transforms.ts'

const plugins = pluginsOf(TRANSFORMS)

const applied = (config: Readonly<Record<string, string>>, value: string) => {
  let record: ReturnType<typeof recordOf> | null = recordOf(1, value)
  for (const step of transformsOf(config, plugins)) {
    if (record === null) return null
    record = step.apply(record)
  }
  return record?.value
}

test('without transforms there is no step', () => {
  assert.deepEqual(transformsOf({}, plugins), [])
  assert.deepEqual(transformsOf({ transforms: '' }, plugins), [])
})

test('steps stand in the order of the list, each with its alias and class', () => {
  const config = { ...chainOf('Mark:a', 'Mark:b', 'Drop'), transforms: 's1, s0,s2' }

  const steps = transformsOf(config, plugins)

  assert.deepEqual(
    steps.map(({ alias, className }) => [alias, className]),
    [
      ['s1', 'test.Mark'],
      ['s0', 'test.Mark'],
      ['s2', 'test.Drop'],
    ],
  )
})

test('each is applied to what the one before has made of it', () => {
  assert.equal(applied(chainOf('Mark:a', 'Mark:b'), 'v'), 'vab')
})

test('a predicate sees the record as it is then, and decides for its step alone', () => {
  const config = chainOf('Mark:x?', 'Mark:bad', 'Mark:y?', 'Mark:z?!', 'Mark:e')

  assert.equal(applied(config, 'v'), 'vbadye')
  assert.equal(applied(config, 'bad'), 'badxbadye')
})

for (const [negate, expected] of [
  ['TRUE', 'v!'],
  ['false', 'v'],
] as const)
  test(`negate=${negate} as Java reads it`, () => {
    const config = {
      ...chainOf('Mark:x?'),
      'transforms.s0.text': '!',
      'transforms.s0.negate': negate,
    }

    assert.equal(applied(config, 'v'), expected)
  })

test('a predicate that no list declares fails the start', () => {
  const { predicates: _, ...config } = chainOf('Mark:a?')

  assert.throws(
    () => transformsOf(config, plugins),
    (error) =>
      error instanceof ConnectError &&
      error.message ===
        "org.apache.kafka.connect.errors.ConnectException: org.apache.kafka.common.config.ConfigException: Unknown configuration 'predicates.bad.plugin.version'",
  )
})

test('a key that is missing is named with its prefix', () => {
  const { 'transforms.s0.text': _, ...config } = chainOf('Mark:a')

  assert.throws(
    () => transformsOf(config, plugins),
    new ConfigError(
      'Missing required configuration "transforms.s0.text" which has no default value.',
    ),
  )
})

test('two uses of a predicate are two predicates', () => {
  const config = { ...chainOf('Mark:a?', 'Mark:b?'), 'predicates.bad.word': 'v' }

  assert.equal(applied(config, 'v'), 'vab')
})
