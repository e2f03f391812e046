import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOrValue } from '../../lib/transforms/key-or-value.ts'
import { configured, recordOf } from './examples.ts'

const suffixed = keyOrValue({
  name: 'example.Suffix',
  doc: 'Appends a text, unless there is nothing.',
  config: { suffix: { type: 'string', importance: 'high', doc: 'What to append.' } },
  configure:
    ({ suffix }) =>
    (side, { topic }) =>
      side.value === null
        ? side
        : {
            schema: { type: 'string', doc: topic },
            value: `${side.value}${suffix}`,
            ...(suffix === '!' ? { headers: [{ key: 'h', schema: null, value: 1n }] } : {}),
          },
})

const record = recordOf({ key: 'k', value: 'v', headers: [{ key: 'a', schema: null, value: 0n }] })

test('two transforms are declared, each with its own side', () => {
  const names = suffixed.map(({ name }) => name)
  const [onKey, onValue] = suffixed.map((transform) => configured(transform, { suffix: '?' }))

  assert.deepEqual(names, ['example.Suffix$Key', 'example.Suffix$Value'])
  const schema = { type: 'string', doc: 'orders' }
  assert.deepEqual(onKey?.apply(record), { ...record, keySchema: schema, key: 'k?' })
  assert.deepEqual(onValue?.apply(record), { ...record, valueSchema: schema, value: 'v?' })
})

test('a side given back as it was leaves the very same record', () => {
  const [onKey, onValue] = suffixed.map((transform) => configured(transform, { suffix: '?' }))
  const tombstone = recordOf({ key: null, value: null })

  assert.equal(onKey?.apply(tombstone), tombstone)
  assert.equal(onValue?.apply(tombstone), tombstone)
})

test('headers are replaced where there are new ones, and kept where there are none', () => {
  const [, onValue] = suffixed
  const changed = configured(onValue, { suffix: '!' }).apply(record)

  assert.deepEqual(changed?.headers, [{ key: 'h', schema: null, value: 1n }])
  assert.equal(configured(onValue, { suffix: '?' }).apply(record)?.headers, record.headers)
})
