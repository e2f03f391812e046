import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { layoutOf, recordsOf, remarksOn } from '../../../lib/connectors/example-source/records.ts'
import { type Column, TYPES } from '../../../lib/connectors/mysql/columns.ts'

const FLAGS = { notNull: 1, primary: 2, unique: 4, multiple: 8, unsigned: 32 }

const column = (name: string, given: Partial<Column> = {}): Column => ({
  name,
  columnType: TYPES.LONGLONG,
  characterSet: 63,
  columnLength: 20,
  flags: FLAGS.notNull,
  decimals: 0,
  ...given,
})

const id = column('id', { flags: FLAGS.notNull | FLAGS.primary })
const name = column('name', { columnType: TYPES.VAR_STRING, characterSet: 224 })
const reading = { zeroDates: 'EXCEPTION', tinyInt1isBit: true, instantOf: Number } as const
const partition = { currentTable: 't' }

const layout = (...columns: Column[]) => layoutOf('t', columns, reading)

test('a row becomes a record: topic and struct of the table’s name, the id as text for its key', () => {
  const made = layout(id, name)
  const { records } = recordsOf([{ id: 1, name: 'A' }], 't', partition, made)

  assert.deepEqual(records, [
    {
      topic: 't',
      partition: null,
      keySchema: { type: 'string' },
      key: '1',
      valueSchema: {
        type: 'struct',
        name: 't',
        fields: [
          { name: 'id', schema: { type: 'int64' } },
          { name: 'name', schema: { type: 'string' } },
        ],
      },
      value: { id: 1n, name: 'A' },
      timestamp: null,
      headers: [],
      sourcePartition: { currentTable: 't' },
      sourceOffset: { position: 1n },
    },
  ])
})

test('ids of 63 bits keep every digit, in key, value and offset', () => {
  const { records } = recordsOf(
    [{ id: '9223372036854775807', name: '' }],
    't',
    partition,
    layout(id, name),
  )

  assert.equal(records[0]?.key, '9223372036854775807')
  assert.deepEqual(records[0]?.value, { id: 9223372036854775807n, name: '' })
  assert.deepEqual(records[0]?.sourceOffset, { position: 9223372036854775807n })
})

test('a null stays null', () => {
  const { records } = recordsOf(
    [{ id: 1, n: null }],
    't',
    partition,
    layout(id, column('n', { flags: 0 })),
  )

  assert.deepEqual(records[0]?.value, { id: 1n, n: null })
})

test('a row that does not fit is named, and those before it are given', () => {
  const big = column('big', { flags: FLAGS.notNull | FLAGS.unsigned })
  const rows = [
    { id: 1, big: 1 },
    { id: 2, big: '18446744073709551615' },
    { id: 3, big: 3 },
  ]
  const { records, failure } = recordsOf(rows, 't', partition, layout(id, big))

  assert.deepEqual(
    records.map(({ key }) => key),
    ['1'],
  )
  assert.equal(failure?.name, 'DataException')
  assert.equal(
    failure?.message,
    'Row 2 of table t: column big: 18446744073709551615 is more than INT64 holds',
  )
})

test('an id beyond 63 bits is such a row, as a position could not hold it', () => {
  const unsignedId = column('id', { flags: FLAGS.notNull | FLAGS.primary | FLAGS.unsigned })
  const { records, failure } = recordsOf(
    [{ id: '9223372036854775808' }],
    't',
    partition,
    layout(unsignedId),
  )

  assert.deepEqual(records, [])
  assert.match(failure?.message ?? '', /^Row 9223372036854775808 of table t: .*more than INT64/)
})

test('of rows with the same id only the last one moves the offset to it', () => {
  const tenant = column('tenant', { flags: FLAGS.notNull | FLAGS.primary })
  const made = layout(tenant, id)
  const rows = [1, 2, 2, 2, 3].map((id, tenant) => ({ id, tenant }))

  assert.equal(made.isIdUnique, false)
  assert.deepEqual(
    recordsOf(rows, 't', partition, made).records.map(
      ({ sourceOffset }) => sourceOffset['position'],
    ),
    [1n, 1n, 1n, 2n, 3n],
  )
})

describe('an id is unique', () => {
  const unique: readonly [string, boolean, Column[]][] = [
    ['as the primary key', true, [id]],
    ['with a unique index', true, [column('id', { flags: FLAGS.unique })]],
    ['but not as a part of the primary key', false, [id, column('b', { flags: FLAGS.primary })]],
    ['but not with another index', false, [column('id', { flags: FLAGS.multiple })]],
    ['but not without an index', false, [column('id')]],
  ]
  for (const [title, want, columns] of unique)
    test(title, () => assert.equal(layout(...columns).isIdUnique, want))
})

test('a table without an integer column id cannot be read', () => {
  assert.throws(() => layout(name), /Table t has no column id, .*\(database\.tables\)/)
  assert.throws(
    () => layout(column('id', { columnType: TYPES.VAR_STRING })),
    /Column id of table t is no integer: .*\(database\.tables\)/,
  )
})

test('an id in capitals will do', () => {
  const upper = column('ID', { flags: FLAGS.notNull | FLAGS.primary })

  assert.equal(recordsOf([{ ID: 7 }], 't', partition, layout(upper)).records[0]?.key, '7')
})

test('it is told when rows are passed over, and when each page reads the whole table', () => {
  assert.deepEqual(remarksOn('t', layout(id)), [])
  assert.deepEqual(remarksOn('t', layout(column('id', { flags: FLAGS.unique }))), [
    'Column id of table t may be NULL: rows without an id are not copied',
  ])
  assert.deepEqual(remarksOn('t', layout(column('id'))), [
    'Column id of table t has no index: each page reads the whole table',
  ])
})
