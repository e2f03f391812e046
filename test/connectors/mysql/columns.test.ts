import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Column,
  JDBC_TYPES,
  mappingOf,
  type Reading,
  sameColumns,
  TYPES,
} from '../../../lib/connectors/mysql/columns.ts'
import { DATE_SCHEMA } from '../../../lib/data/logical-types.ts'
import { Instant } from '../../../lib/data/value.ts'

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
test('the map of the JDBC source keeps days as Dates and widens every unsigned integer', () => {
  const day = mappingOf(column('DATE'), JDBC_TYPES, reading)

  assert.deepEqual(day.schema, DATE_SCHEMA)
  assert.deepEqual(day.read?.('1970-01-02'), new Instant(86_400_000))
  assert.deepEqual(mappingOf(column('INT24', unsigned), JDBC_TYPES, reading).schema.type, 'int64')
})

test('columns are the same while nothing that a schema is made of has changed', () => {
  const some = [column('LONG'), column('VAR_STRING', { name: 'd' })]

  assert.ok(sameColumns(some, structuredClone(some)))
  assert.ok(!sameColumns(some, some.slice(0, 1)))
  assert.ok(!sameColumns(some, some.toReversed()))
  for (const change of [
    { name: 'e' },
    { columnType: 8 },
    { flags: 0 },
    { columnLength: 9 },
    { decimals: 1 },
    { characterSet: 224 },
  ])
    assert.ok(!sameColumns(some, [column('LONG', change), column('VAR_STRING', { name: 'd' })]))
})
