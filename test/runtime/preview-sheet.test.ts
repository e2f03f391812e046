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
