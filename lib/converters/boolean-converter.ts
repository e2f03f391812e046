import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { javaClass, typeName } from '../data/java-class.ts'
import type { Schema } from '../data/schema.ts'
import { DataError, SerializationError } from '../errors.ts'
import { converter } from '../plugin.ts'
import { CONVERTER_TYPE } from './converter-type.ts'

const OPTIONAL_BOOLEAN: Schema = { type: 'boolean', optional: true }

export const booleanConverter = converter({
  name: 'org.apache.kafka.connect.converters.BooleanConverter',
  version: KAFKA_VERSION,
  doc: 'One byte: 0 is false, 1 is true.',
  config: CONVERTER_TYPE,
  configure: () => ({
    fromConnect(_topic, schema, value) {
      if (schema !== null && schema.type !== 'boolean')
        throw new DataError(`Invalid schema type for BooleanConverter: ${typeName(schema.type)}`)
      if (value === null) return null
      if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0)
      throw new DataError(
        `BooleanConverter is not compatible with objects of type class ${javaClass(value, schema)}`,
      )
    },
    toConnect: (_topic, bytes) => ({
      schema: OPTIONAL_BOOLEAN,
      value: bytes === null ? null : booleanOf(bytes),
    }),
  }),
})

function booleanOf(bytes: Buffer): boolean {
  if (bytes.length !== 1) throw refused('Size of data received by BooleanDeserializer is not 1')
  const byte = bytes.readInt8()
  if (byte !== 0 && byte !== 1)
    throw refused(`Unexpected byte received by BooleanDeserializer: ${byte}`)
  return byte === 1
}

const refused = (reason: string): DataError =>
  new DataError('Failed to deserialize boolean: ', { cause: new SerializationError(reason) })
