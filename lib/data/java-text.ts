import { decimalText } from './decimal.ts'
import { doubleText, floatText } from './float-text.ts'
import { calendarFields } from './java-calendar.ts'
import type { Field, Schema } from './schema.ts'
import {
  Decimal,
  fieldOf,
  Instant,
  Sized,
  type Struct,
  schemaOfStruct,
  type Value,
} from './value.ts'

/** What Java's toString says of a value: `1.0`, `[a, 1]`, `{k=1}`, `Struct{a=1,b=x}`, `Thu Jan 01 00:00:00 UTC 1970`. */
export function javaText(value: Value, schema: Schema | null): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number') return numberText(value, schema?.type)
  if (typeof value !== 'object') return String(value)
  if (value instanceof Sized) return numberText(value.value, value.type)
  if (value instanceof Decimal) return decimalText(value)
  if (value instanceof Instant) return instantText(value)
  if (Buffer.isBuffer(value)) return identityText(value)
  if (Array.isArray(value)) return listText(value, schema?.values ?? null)
  if (value instanceof Map) return mapText(value, schema)
  const ownSchema = schemaOfStruct(value) ?? schema
  return ownSchema?.type === 'struct'
    ? structText(value as Struct, ownSchema.fields ?? [])
    : mapText(Object.entries(value as Struct), schema)
}

/** A number by its type; without one it is a double. */
function numberText(value: number, type: string | undefined): string {
  if (type === 'float32') return floatText(value)
  return type?.startsWith('int') && Number.isInteger(value) ? String(value) : doubleText(value)
}

const listText = (list: readonly Value[], schema: Schema | null): string =>
  `[${list.map((element) => javaText(element, schema)).join(', ')}]`

function mapText(entries: Iterable<readonly [Value, Value]>, schema: Schema | null): string {
  const [keys, values] = [schema?.keys ?? null, schema?.values ?? null]
  const texts = Array.from(
    entries,
    ([key, value]) => `${javaText(key, keys)}=${javaText(value, values)}`,
  )
  return `{${texts.join(', ')}}`
}

const structText = (struct: Struct, fields: readonly Field[]): string =>
  `Struct{${fields
    .filter(({ name }) => fieldOf(struct, name) !== null)
    .map(({ name, schema }) => `${name}=${javaText(fieldOf(struct, name), schema)}`)
    .join(',')}}`

/** Java prints where an array lies in memory. Here it is Arrays.hashCode of the content, to be the same each time. */
function identityText(bytes: Buffer): string {
  let hash = 1
  for (const byte of bytes) hash = (Math.imul(31, hash) + ((byte << 24) >> 24)) | 0
  return `[B@${(hash >>> 0).toString(16)}`
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** java.util.Date.toString in UTC. A year before Christ is printed without saying so. */
function instantText({ epochMs }: Instant): string {
  const { year, month, day, weekday, hour, minute, second } = calendarFields(epochMs)
  const time = [hour, minute, second].map(two).join(':')
  return `${WEEKDAYS[weekday]} ${MONTHS[month - 1]} ${two(day)} ${time} UTC ${year > 0 ? year : 1 - year}`
}

const two = (number: number): string => String(number).padStart(2, '0')
