import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EXAMPLE_TYPES } from '../../../lib/connectors/example-source/columns.ts'
import {
  type Column,
  type Driven,
  mappingOf,
  type Reading,
  TYPES,
} from '../../../lib/connectors/mysql/columns.ts'
import type { Schema } from '../../../lib/data/schema.ts'
import { Decimal, Instant, type Value } from '../../../lib/data/value.ts'

const NOT_NULL = 1
const UNSIGNED = 32
const BYTES = 63

const column = (type: keyof typeof TYPES, given: Partial<Column> = {}): Column => ({
  name: 'c',
  columnType: TYPES[type],
  characterSet: BYTES,
  columnLength: 0,
  flags: NOT_NULL,
  decimals: 0,
  ...given,
})

const reading: Reading = {
  zeroDates: 'EXCEPTION',
  tinyInt1isBit: true,
  instantOf: (wallMs) => wallMs - 3_600_000,
}

const unsigned = { flags: NOT_NULL | UNSIGNED }
const logical = (type: 'int32' | 'int64', name: string): Schema => ({
  type,
  name: `org.apache.kafka.connect.data.${name}`,
  version: 1,
})

type Example = {
  readonly title: string
  readonly column: Column
  readonly schema: Schema
  readonly values: readonly (readonly [Driven, Value])[]
}

/** What the seed could read, as it read it. */
const seed: readonly Example[] = [
  { title: 'INT', column: column('LONG'), schema: { type: 'int32' }, values: [[-5, -5]] },
  { title: 'MEDIUMINT', column: column('INT24'), schema: { type: 'int32' }, values: [[5, 5]] },
  {
    title: 'MEDIUMINT UNSIGNED',
    column: column('INT24', unsigned),
    schema: { type: 'int32' },
    values: [[16_777_215, 16_777_215]],
  },
  {
    title: 'BIGINT',
    column: column('LONGLONG'),
    schema: { type: 'int64' },
    values: [
      [7, 7n],
      ['9223372036854775807', 9223372036854775807n],
      ['-9223372036854775808', -9223372036854775808n],
    ],
  },
  {
    title: 'TINYINT(1)',
    column: column('TINY', { columnLength: 1 }),
    schema: { type: 'boolean' },
    values: [
      [0, false],
      [1, true],
      [5, true],
      [-1, true],
    ],
  },
  {
    title: 'BIT(1)',
    column: column('BIT', { columnLength: 1, ...unsigned }),
    schema: { type: 'boolean' },
    values: [
      [Buffer.from([0]), false],
      [Buffer.from([1]), true],
    ],
  },
  { title: 'DOUBLE', column: column('DOUBLE'), schema: { type: 'float64' }, values: [[1.5, 1.5]] },
  {
    title: 'DATE',
    column: column('DATE'),
    schema: { type: 'int64' },
    values: [['2024-01-02', 1_704_153_600_000n]],
  },
  {
    title: 'YEAR',
    column: column('YEAR'),
    schema: { type: 'int64' },
    values: [[2024, 1_704_067_200_000n]],
  },
  {
    title: 'text',
    column: column('VAR_STRING', { characterSet: 224 }),
    schema: { type: 'string' },
    values: [['ü', 'ü']],
  },
]

/** What it could not. */
const beyond: readonly Example[] = [
  {
    title: 'INT UNSIGNED',
    column: column('LONG', unsigned),
    schema: { type: 'int64' },
    values: [[4_294_967_295, 4_294_967_295n]],
  },
  {
    title: 'BIGINT UNSIGNED',
    column: column('LONGLONG', unsigned),
    schema: { type: 'int64' },
    values: [['9223372036854775807', 9223372036854775807n]],
  },
  {
    title: 'TINYINT',
    column: column('TINY', { columnLength: 4 }),
    schema: { type: 'int8' },
    values: [[-128, -128]],
  },
  {
    title: 'TINYINT(1) UNSIGNED',
    column: column('TINY', { columnLength: 1, ...unsigned }),
    schema: { type: 'int16' },
    values: [[255, 255]],
  },
  { title: 'SMALLINT', column: column('SHORT'), schema: { type: 'int16' }, values: [[1, 1]] },
  {
    title: 'SMALLINT UNSIGNED',
    column: column('SHORT', unsigned),
    schema: { type: 'int32' },
    values: [[65_535, 65_535]],
  },
  { title: 'FLOAT', column: column('FLOAT'), schema: { type: 'float32' }, values: [[0.5, 0.5]] },
  {
    title: 'DECIMAL(10,2)',
    column: column('DECIMAL', { columnLength: 12, decimals: 2 }),
    schema: {
      type: 'bytes',
      name: 'org.apache.kafka.connect.data.Decimal',
      version: 1,
      parameters: { scale: '2', 'connect.decimal.precision': '10' },
    },
    values: [
      ['12345678.90', new Decimal(1_234_567_890n, 2)],
      ['-0.01', new Decimal(-1n, 2)],
    ],
  },
  {
    title: 'DECIMAL(20,0) UNSIGNED',
    column: column('DECIMAL', { columnLength: 20, ...unsigned }),
    schema: {
      type: 'bytes',
      name: 'org.apache.kafka.connect.data.Decimal',
      version: 1,
      parameters: { scale: '0', 'connect.decimal.precision': '20' },
    },
    values: [['12345678901234567890', new Decimal(12345678901234567890n, 0)]],
  },
  ...(
    [
      [7, 'int8', '7f', 127],
      [8, 'int16', 'ff', 255],
      [16, 'int32', 'ffff', 65_535],
      [32, 'int64', 'ffffffff', 4_294_967_295n],
    ] as const
  ).map(([columnLength, type, hex, value]) => ({
    title: `BIT(${columnLength})`,
    column: column('BIT', { columnLength, ...unsigned }),
    schema: { type },
    values: [[Buffer.from(hex, 'hex'), value] as const],
  })),
  {
    title: 'TIME',
    column: column('TIME'),
    schema: logical('int32', 'Time'),
    values: [['00:00:01.5', new Instant(1_500)]],
  },
  {
    title: 'DATETIME, a wall clock in the zone of the URL',
    column: column('DATETIME'),
    schema: logical('int64', 'Timestamp'),
    values: [['1970-01-01 01:00:00.001', new Instant(1)]],
  },
  {
    title: 'TIMESTAMP, in UTC',
    column: column('TIMESTAMP'),
    schema: logical('int64', 'Timestamp'),
    values: [['1970-01-01 01:00:00', new Instant(3_600_000)]],
  },
  {
    title: 'VARBINARY',
    column: column('VAR_STRING'),
    schema: { type: 'bytes' },
    values: [[Buffer.from('x'), Buffer.from('x')]],
  },
  { title: 'BLOB', column: column('BLOB'), schema: { type: 'bytes' }, values: [] },
  {
    title: 'TEXT',
    column: column('BLOB', { characterSet: 224 }),
    schema: { type: 'string' },
    values: [],
  },
  {
    title: 'JSON',
    column: column('JSON'),
    schema: { type: 'string' },
    values: [['{"a":1}', '{"a":1}']],
  },
  { title: 'GEOMETRY', column: column('GEOMETRY'), schema: { type: 'bytes' }, values: [] },
]

for (const { title, column, schema, values } of [...seed, ...beyond])
  test(`${title} becomes ${schema.name ?? schema.type}, exactly`, () => {
    const mapping = mappingOf(column, EXAMPLE_TYPES, reading)

    assert.deepEqual(mapping.schema, schema)
    for (const [driven, want] of values)
      assert.deepEqual(mapping.read ? mapping.read(driven) : driven, want)
  })

describe('what does not fit is refused', () => {
  for (const [type, driven, reason] of [
    ['LONGLONG', '9223372036854775808', /9223372036854775808 is more than INT64 holds/],
    ['LONGLONG', '18446744073709551615', /is more than INT64 holds/],
    ['BIT', Buffer.from('8000000000000000', 'hex'), /is more than INT64 holds/],
    ['DATE', '0000-00-00', /zero date/],
    ['YEAR', 0, /zero date/],
    ['TIME', '-01:00:00', /no time of day/],
  ] as const)
    test(`${type} ${Buffer.isBuffer(driven) ? driven.toString('hex') : driven}`, () => {
      const { read } = mappingOf(
        column(type, { columnLength: 64, ...unsigned }),
        EXAMPLE_TYPES,
        reading,
      )

      assert.throws(() => read?.(driven), { name: 'DataException', message: reason })
    })

  test('a type that nobody knows', () => {
    assert.throws(() => mappingOf(column('LONG', { columnType: 200 }), EXAMPLE_TYPES, reading), {
      name: 'ConnectException',
      message: /Column c is of a type that is not supported \(protocol type 200\)/,
    })
  })
})

test('a field is optional where its column may be null', () => {
  const { schema } = mappingOf(column('LONG', { flags: 0 }), EXAMPLE_TYPES, reading)

  assert.deepEqual(schema, { type: 'int32', optional: true })
})

test('where zero dates become null, a field of a date is optional though its column is not', () => {
  const toNull = { ...reading, zeroDates: 'CONVERT_TO_NULL' as const }

  for (const [type, driven] of [
    ['DATE', '0000-00-00'],
    ['YEAR', 0],
    ['DATETIME', '0000-00-00 00:00:00'],
    ['TIMESTAMP', '2024-00-01 00:00:00'],
  ] as const) {
    const { schema, read } = mappingOf(column(type), EXAMPLE_TYPES, toNull)
    assert.equal(schema.optional, true, type)
    assert.equal(read?.(driven), null, type)
  }
  assert.equal(mappingOf(column('TIME'), EXAMPLE_TYPES, toNull).schema.optional, undefined)
})

test('TINYINT(1) is a number where the URL says that it is no bit', () => {
  const asNumber = { ...reading, tinyInt1isBit: false }
  const mapping = mappingOf(column('TINY', { columnLength: 1 }), EXAMPLE_TYPES, asNumber)

  assert.deepEqual(mapping, { schema: { type: 'int8' } })
})
