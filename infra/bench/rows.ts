/** Rows as a source reads them: a narrow struct of two columns and a wide one of ten. */
import { decimalSchema, TIMESTAMP_SCHEMA } from '../../lib/data/logical-types.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Instant, type Struct } from '../../lib/data/value.ts'

/** As many different ones as keep caches of single values from telling. */
const RECORDS = 5000

export const NARROW: Schema = {
  type: 'struct',
  name: 'users',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    { name: 'name', schema: { type: 'string', optional: true } },
  ],
}

export const WIDE: Schema = {
  type: 'struct',
  name: 'orders',
  fields: [
    ...(NARROW.fields ?? []),
    { name: 'quantity', schema: { type: 'int32' } },
    { name: 'price', schema: decimalSchema(2) },
    { name: 'weight', schema: { type: 'float64', optional: true } },
    { name: 'paid', schema: { type: 'boolean' } },
    { name: 'created_at', schema: TIMESTAMP_SCHEMA },
    { name: 'note', schema: { type: 'string', optional: true } },
    { name: 'channel', schema: { type: 'string' } },
    { name: 'region', schema: { type: 'int16' } },
  ],
}

export const rowsOf = <T>(row: (at: number) => T): T[] =>
  Array.from({ length: RECORDS }, (_, at) => row(at))

export const narrowRow = (at: number): Struct => ({
  id: BigInt(at) * 7919n + 1_000_000n,
  name: `customer name ${at}`,
})

export const wideRow = (at: number): Struct => ({
  ...narrowRow(at),
  quantity: at % 97,
  price: new Decimal(BigInt(at) * 13n + 199n, 2),
  weight: at % 3 === 0 ? null : at / 7,
  paid: at % 2 === 0,
  created_at: new Instant(1_700_000_000_000 + at * 61_003),
  note: at % 5 === 0 ? `said "no"\nand café ${at}` : null,
  channel: at % 4 === 0 ? 'shop' : 'web',
  region: at % 311,
})
