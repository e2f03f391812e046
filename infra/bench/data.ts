/** Encoding and decoding alone, no server: thousands of different records, each figure the best of several rounds on one core. */
import { parseConfig } from '../../lib/config/config-def.ts'
import { jsonConverter } from '../../lib/converters/json-converter/index.ts'
import { decimalSchema, TIMESTAMP_SCHEMA } from '../../lib/data/logical-types.ts'
import { murmur2 } from '../../lib/data/murmur2.ts'
import type { Schema } from '../../lib/data/schema.ts'
import { Decimal, Instant, type Struct } from '../../lib/data/value.ts'
import type { ConfiguredConverter } from '../../lib/plugin.ts'

/** As many different ones as keep caches of single values from telling. */
const RECORDS = 5000
const ROUNDS = 5

const NARROW: Schema = {
  type: 'struct',
  name: 'users',
  fields: [
    { name: 'id', schema: { type: 'int64' } },
    { name: 'name', schema: { type: 'string', optional: true } },
  ],
}

const WIDE: Schema = {
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
  ],
}

const narrowRow = (at: number): Struct => ({
  id: BigInt(at) * 7919n + 1_000_000n,
  name: `customer name ${at}`,
})

const wideRow = (at: number): Struct => ({
  ...narrowRow(at),
  quantity: at % 97,
  price: new Decimal(BigInt(at) * 13n + 199n, 2),
  weight: at % 3 === 0 ? null : at / 7,
  paid: at % 2 === 0,
  created_at: new Instant(1_700_000_000_000 + at * 61_003),
  note: at % 5 === 0 ? `said "no"\nand café ${at}` : null,
})

const rowsOf = (row: (at: number) => Struct): Struct[] =>
  Array.from({ length: RECORDS }, (_, at) => row(at))

const jsonOf = (schemas: boolean): ConfiguredConverter => {
  const settings = { 'converter.type': 'value', 'schemas.enable': String(schemas) }
  return jsonConverter.configure(parseConfig(jsonConverter.config, settings), 'value')
}

/** `rows`: how many records a round has. */
export async function benchData({ rows = 500_000 } = {}): Promise<Record<string, number>> {
  const keys = Array.from({ length: RECORDS }, (_, at) => Buffer.from(`customer-${at * 7919}`))
  return {
    ...benchJson('json', jsonOf(true), NARROW, rowsOf(narrowRow), rows),
    ...benchJson('json_wide', jsonOf(true), WIDE, rowsOf(wideRow), rows),
    ...benchJson('json_bare', jsonOf(false), NARROW, rowsOf(narrowRow), rows),
    murmur2_keys_per_s: perSecond(keys, rows, murmur2),
  }
}

function benchJson(
  name: string,
  converter: ConfiguredConverter,
  schema: Schema,
  structs: readonly Struct[],
  rows: number,
): Record<string, number> {
  const encode = (struct: Struct): number => converter.fromConnect('t', schema, struct)?.length ?? 0
  const messages = structs.map((struct) => converter.fromConnect('t', schema, struct))
  const decode = (message: Buffer | null): number =>
    converter.toConnect('t', message).value === null ? 0 : 1
  return {
    [`${name}_encode_records_per_s`]: perSecond(structs, rows, encode),
    [`${name}_decode_records_per_s`]: perSecond(messages, rows, decode),
  }
}

/** The sum keeps the work from being left out by the compiler. */
function perSecond<T>(items: readonly T[], count: number, work: (item: T) => number): number {
  let best = 0
  let sum = 0
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    for (let done = 0; done < count; done += items.length)
      for (const item of items) sum += work(item)
    const whole = Math.ceil(count / items.length) * items.length
    best = Math.max(best, (whole / (performance.now() - start)) * 1000)
  }
  if (Number.isNaN(sum)) throw new TypeError('the work gave no numbers')
  return Math.round(best)
}
