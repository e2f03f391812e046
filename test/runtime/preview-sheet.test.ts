import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactText } from '../../lib/data/exact-json.ts'
import { DataError } from '../../lib/errors.ts'
import { previewSheet, shown } from '../../lib/runtime/preview-sheet.ts'

const record = (value: unknown) => ({
  topic: 't',
  partition: 0,
  timestamp: null,
  key: null,
  value,
  headers: [],
})
const sheetOf = (limit: number) =>
  previewSheet(limit, (text) => text.replaceAll('secret', '[hidden]'))

test('bytes are shown as JSON where they are some, else as text, else as base64', () => {
  const texts = [
    ['{"a":1.10}', '{"a":1.10}'],
    ['9007199254740993', '9007199254740993'],
    ['"x"', '"x"'],
    ['plain', '"plain"'],
    ['', '""'],
    ['{poison', '"{poison"'],
    ['\uFEFF{}', '"\uFEFF{}"'],
  ] as const

  for (const [text, want] of texts) assert.equal(exactText(shown(Buffer.from(text))), want)
  assert.equal(shown(null), null)
  assert.deepEqual(shown(Buffer.from([0xff, 0])), { base64: '/wA=' })
  assert.deepEqual(shown(Buffer.alloc(200_001)), { bytes: 200_001 })
})

test('records and those that failed take room; what was dropped, and what is no record, does not', () => {
  const sheet = sheetOf(3)
  sheet.record(record(1))
  sheet.dropped()
  sheet.fault({ kafka_topic: 'x' }, { stage: 'CONSUME', class: null, error: new Error('missing') })
  sheet.fault(
    { kafka_offset: 0 },
    { stage: 'VALUE_CONVERTER', class: 'C', error: new DataError('a secret is no number') },
  )

  assert.equal(sheet.left(), 1)
  assert.deepEqual(JSON.parse(sheet.text()), {
    records: [record(1)],
    errors: [
      { stage: 'CONSUME', class: null, message: 'missing', kafka_topic: 'x' },
      { stage: 'VALUE_CONVERTER', class: 'C', message: 'a [hidden] is no number', kafka_offset: 0 },
    ],
    dropped: 1,
  })
})

test('there is room for 2 MB, and the answer says that there was no more', () => {
  const sheet = sheetOf(100)
  let taken = 0
  for (; sheet.left() > 0; taken++) sheet.record(record('x'.repeat(190_000)))

  assert.equal(taken, 11)
  const { records, truncated } = JSON.parse(sheet.text())
  assert.deepEqual([records.length, truncated], [10, true])
})

test('every text of a record and of its place is concealed, and no number loses its digits', () => {
  const sheet = previewSheet(2, (text) => text.replaceAll(/secret|1234/g, '[hidden]'))
  const value = {
    secret: ['a secret', { deep: 'secret' }, true, null],
    inside: 12345,
    exact: 9007199254740993n,
    same: 1234,
  }
  const place = {
    source_partition: { secret: 'secret', n: 1234 },
    source_offset: { at: 'secret', big: 12340n },
    kafka_topic: 'secret',
    kafka_offset: 1234,
  }
  sheet.record({
    topic: 'secret',
    partition: 1234,
    timestamp: 1234,
    key: 'a secret',
    value: shown(Buffer.from(exactText(value))),
    headers: [{ key: 'secret', value: 'secret' }],
    ...place,
  })
  sheet.fault(place, { stage: null, class: null, error: new Error('secret') })

  const hidden = {
    source_partition: { '[hidden]': '[hidden]', n: 1234 },
    source_offset: { at: '[hidden]', big: 12340 },
    kafka_topic: '[hidden]',
    kafka_offset: 1234,
  }
  assert.match(sheet.text(), /"exact":9007199254740993,/)
  assert.deepEqual(JSON.parse(sheet.text()), {
    records: [
      {
        topic: '[hidden]',
        partition: 1234,
        timestamp: 1234,
        key: 'a [hidden]',
        value: {
          '[hidden]': ['a [hidden]', { deep: '[hidden]' }, true, null],
          inside: 12345,
          exact: Number(9007199254740993n),
          same: '[hidden]',
        },
        headers: [{ key: '[hidden]', value: '[hidden]' }],
        ...hidden,
      },
    ],
    errors: [{ stage: null, class: null, message: '[hidden]', ...hidden }],
    dropped: 0,
  })
})
