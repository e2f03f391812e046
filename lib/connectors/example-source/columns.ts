import {
  bits,
  type ColumnType,
  dayType,
  INT32,
  isUnsigned,
  JDBC_TYPES,
  TYPES,
  tinyint,
} from '../mysql/columns.ts'

const epochMs = dayType({ type: 'int64' }, (midnightMs) => BigInt(midnightMs))

/** The types that the example connector could read, as it read them; every other as the JDBC source does. */
export const EXAMPLE_TYPES: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  ...JDBC_TYPES,
  [
    TYPES.TINY,
    (column, reading) =>
      reading.tinyInt1isBit && column.columnLength === 1 && !isUnsigned(column)
        ? { schema: { type: 'boolean' }, read: (value) => value !== 0 }
        : tinyint(column, reading),
  ],
  [
    TYPES.BIT,
    (column, reading) =>
      column.columnLength === 1
        ? { schema: { type: 'boolean' }, read: (value) => (value as Buffer)[0] !== 0 }
        : bits(column, reading),
  ],
  [TYPES.INT24, () => INT32],
  [TYPES.DATE, epochMs],
  [TYPES.YEAR, epochMs],
])
