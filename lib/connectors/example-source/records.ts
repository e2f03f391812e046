import { NO_HEADERS, type OffsetMap, type SourceRecord } from '../../data/record.ts'
import { type Schema, STRING } from '../../data/schema.ts'
import type { Struct } from '../../data/value.ts'
import { ConnectError, DataError, messageOf } from '../../errors.ts'
import {
  type Column,
  int64,
  isIndexed,
  isInteger,
  isNullable,
  isPrimary,
  isTakenApart,
  isUnique,
  type Mapping,
  mappingOf,
  type Reading,
} from '../mysql/columns.ts'
import type { Row } from '../mysql/connection.ts'
import { EXAMPLE_TYPES } from './columns.ts'

/** What a table's columns come to. One as long as the columns stay, so that schemas can be told apart by identity. */
export type Layout = {
  readonly columns: readonly Column[]
  readonly schema: Schema
  /** as the table spells it */
  readonly id: Column
  readonly isIdUnique: boolean
  readonly asBytes: boolean
  /** columns whose values are not what the driver gives */
  readonly reads: readonly { readonly name: string; readonly read: Mapping['read'] & {} }[]
}

/** @throws ConnectError when there is no id to read by, or a column of a type that is not supported. */
export function layoutOf(table: string, columns: readonly Column[], reading: Reading): Layout {
  const id = columns.find(({ name }) => name.toLowerCase() === 'id')
  if (!id)
    throw new ConnectError(
      `Table ${table} has no column id, by which its rows are read (database.tables)`,
    )
  if (!isInteger(id))
    throw new ConnectError(
      `Column ${id.name} of table ${table} is no integer: its rows cannot be read by it (database.tables)`,
    )
  const mappings = columns.map((column) => ({
    name: column.name,
    ...mappingIn(table, column, reading),
  }))
  return {
    columns,
    schema: {
      type: 'struct',
      name: table,
      fields: mappings.map(({ name, schema }) => ({ name, schema })),
    },
    id,
    isIdUnique: isUnique(id) || (isPrimary(id) && columns.filter(isPrimary).length === 1),
    asBytes: columns.some(isTakenApart),
    reads: mappings.flatMap(({ name, read }) => (read ? [{ name, read }] : [])),
  }
}

/** What somebody should know of a table that is read all the same. */
export function remarksOn(table: string, { id }: Layout): string[] {
  return [
    ...(isNullable(id)
      ? [`Column ${id.name} of table ${table} may be NULL: rows without an id are not copied`]
      : []),
    ...(isIndexed(id)
      ? []
      : [`Column ${id.name} of table ${table} has no index: each page reads the whole table`]),
  ]
}

function mappingIn(table: string, column: Column, reading: Reading): Mapping {
  try {
    return mappingOf(column, EXAMPLE_TYPES, reading)
  } catch (cause) {
    throw new ConnectError(`${messageOf(cause)}, in table ${table} (database.tables)`, { cause })
  }
}

export type Records = {
  readonly records: readonly SourceRecord[]
  /** the fault of the row after them, if one has any */
  readonly failure?: DataError
}

/** The records of rows in the order of their ids. The rows are used up: their members become the fields' values. */
export function recordsOf(
  rows: readonly Row[],
  table: string,
  sourcePartition: OffsetMap,
  layout: Layout,
): Records {
  const records = new Array<SourceRecord>(rows.length)
  const ids = rows.map((row) => row[layout.id.name] as number | string)
  for (let at = 0; at < rows.length; at++) {
    const [id, row] = [ids[at], rows[at]] as [number | string, Row]
    try {
      records[at] = {
        topic: table,
        partition: null,
        keySchema: STRING,
        key: String(id),
        valueSchema: layout.schema,
        value: structOf(row, layout),
        timestamp: null,
        headers: NO_HEADERS,
        sourcePartition,
        // Until the last of the rows with this id is delivered, the id before is where to go on.
        sourceOffset: { position: id === ids[at + 1] ? int64(id) - 1n : int64(id) },
      }
    } catch (cause) {
      const failure = new DataError(`Row ${id} of table ${table}: ${messageOf(cause)}`, { cause })
      return { records: records.slice(0, at), failure }
    }
  }
  return { records }
}

function structOf(row: Row, { reads }: Layout): Struct {
  for (const { name, read } of reads) {
    const value = row[name]
    if (value === null) continue
    try {
      // What is not null is what the driver gives for the column's type.
      row[name] = read(value as Parameters<typeof read>[0])
    } catch (cause) {
      throw new DataError(`column ${name}: ${messageOf(cause)}`, { cause })
    }
  }
  return row as Struct
}
