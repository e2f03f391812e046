import { doubleText, floatText } from '../../data/float-text.ts'
import { javaClass } from '../../data/java-class.ts'
import {
  Decimal,
  Instant,
  Sized,
  type Struct,
  schemaOfStruct,
  type Value,
} from '../../data/value.ts'
import { DataError } from '../../errors.ts'
import { checkDepth } from './depth.ts'
import { quote, realJson } from './quote.ts'

/** JSON of a value without a schema: the value tells its own type. `depth`: objects and arrays around it. */
export function encodeBare(value: Value | undefined, depth: number): string {
  if (value === null || value === undefined) return 'null'
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      return realJson(doubleText(value))
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      if (BigInt.asIntN(64, value) === value) return `${value}`
      throw untyped(value)
    default:
      return encodeObject(value, depth + 1)
  }
}

function encodeObject(value: Exclude<Value, null>, depth: number): string {
  if (value instanceof Sized) return encodeSized(value)
  if (Buffer.isBuffer(value)) return `"${value.toString('base64')}"`
  if (value instanceof Decimal || value instanceof Instant) throw untyped(value)
  checkDepth(depth)
  if (Array.isArray(value)) return `[${value.map((one) => encodeBare(one, depth)).join(',')}]`
  if (value instanceof Map) return encodeMap(value, depth)
  if (schemaOfStruct(value as Struct)) throw new DataError('Mismatching schema.')
  return encodeMap(new Map(Object.entries(value)), depth)
}

const encodeSized = ({ type, value }: Sized): string => {
  if (type === 'float32') return realJson(floatText(value))
  return type === 'float64' ? realJson(doubleText(value)) : `${value}`
}

/** An object where every key is a string, else an array of pairs. */
function encodeMap(map: ReadonlyMap<Value, Value>, depth: number): string {
  const keys = Array.from(map.keys())
  if (keys.every((key) => typeof key === 'string')) {
    const members = keys.map((key) => `${quote(key)}:${encodeBare(map.get(key), depth)}`)
    return `{${members.join(',')}}`
  }
  const pairs = Array.from(map, ([key, one]) => {
    checkDepth(depth + 1)
    return `[${encodeBare(key, depth + 1)},${encodeBare(one, depth + 1)}]`
  })
  return `[${pairs.join(',')}]`
}

const untyped = (value: Exclude<Value, null>): DataError =>
  new DataError(
    `Java class class ${javaClass(value, null)} does not have corresponding schema type.`,
  )
