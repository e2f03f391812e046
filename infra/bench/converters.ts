import { parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import type { Schema } from '../../lib/data/schema.ts'
import type { Value } from '../../lib/data/value.ts'
import { plugins } from '../../lib/registry.ts'
import type { Figures } from './bench.ts'
import { figureName, perSecond } from './rounds.ts'
import { NARROW, narrowRow, rowsOf, WIDE, wideRow } from './rows.ts'

type Work = {
  readonly name: string
  readonly converter: string
  readonly config?: RawConfig
  readonly schema: Schema
  readonly row: (at: number) => Value
}

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'

const primitive = (
  name: string,
  type: Schema['type'],
  row: (at: number) => Value,
  room = 'converters',
): Work => ({
  name: figureName(name.replace(/Converter$/, '')),
  converter: `org.apache.kafka.connect.${room}.${name}`,
  schema: { type },
  row,
})

const WORK: readonly Work[] = [
  { name: 'json', converter: JSON_CONVERTER, schema: NARROW, row: narrowRow },
  { name: 'json_wide', converter: JSON_CONVERTER, schema: WIDE, row: wideRow },
  {
    name: 'json_bare',
    converter: JSON_CONVERTER,
    config: { 'schemas.enable': 'false' },
    schema: NARROW,
    row: narrowRow,
  },
  primitive('StringConverter', 'string', (at) => `customer name ${at}`, 'storage'),
  primitive('SimpleHeaderConverter', 'string', (at) => `customer name ${at}`, 'storage'),
  primitive('ByteArrayConverter', 'bytes', (at) => Buffer.from(`customer name ${at}`)),
  primitive('BooleanConverter', 'boolean', (at) => at % 2 === 0),
  primitive('ShortConverter', 'int16', (at) => at),
  primitive('IntegerConverter', 'int32', (at) => at * 7919),
  primitive('LongConverter', 'int64', (at) => BigInt(at) * 7919n),
  primitive('FloatConverter', 'float32', (at) => Math.fround(at / 7)),
  primitive('DoubleConverter', 'float64', (at) => at / 7),
]

/** Encoding and decoding with each converter that is registered. */
export function benchConverters(rows: number): Figures {
  const known = WORK.filter(({ converter }) => plugins.all.some(({ name }) => name === converter))
  return Object.assign({}, ...known.map((work) => benchConverter(work, rows)))
}

function benchConverter({ name, converter, config, schema, row }: Work, rows: number): Figures {
  const plugin = plugins.converter(converter)
  const position = plugin.headersOnly ? 'header' : 'value'
  const raw = { ...config, 'converter.type': position }
  const configured = plugin.configure(parseConfig(plugin.config, raw), position)
  const values = rowsOf(row)
  const messages = values.map((value) => configured.fromConnect('t', schema, value))
  const encode = (value: Value): number => configured.fromConnect('t', schema, value)?.length ?? 0
  const decode = (message: Buffer | null): number =>
    configured.toConnect('t', message).value === null ? 0 : 1
  return {
    [`${name}_encode_records_per_s`]: perSecond(values, rows, encode),
    [`${name}_decode_records_per_s`]: perSecond(messages, rows, decode),
  }
}
