import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { javaClass, typeName } from '../data/java-class.ts'
import { OPTIONAL_BYTES } from '../data/schema.ts'
import { DataError } from '../errors.ts'
import { converter } from '../plugin.ts'
import { CONVERTER_TYPE } from './converter-type.ts'

export const byteArrayConverter = converter({
  name: 'org.apache.kafka.connect.converters.ByteArrayConverter',
  version: KAFKA_VERSION,
  doc: 'Bytes as they are.',
  config: CONVERTER_TYPE,
  configure: () => ({
    fromConnect(_topic, schema, value) {
      if (schema !== null && schema.type !== 'bytes')
        throw new DataError(`Invalid schema type for ByteArrayConverter: ${typeName(schema.type)}`)
      if (value === null || Buffer.isBuffer(value)) return value
      throw new DataError(
        `ByteArrayConverter is not compatible with objects of type class ${javaClass(value, schema)}`,
      )
    },
    toConnect: (_topic, bytes) => ({ schema: OPTIONAL_BYTES, value: bytes }),
  }),
})
