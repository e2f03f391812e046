import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { javaClass } from '../data/java-class.ts'
import type { SchemaType } from '../data/schema.ts'
import { Sized, type Value } from '../data/value.ts'
import { DataError, SerializationError } from '../errors.ts'
import { type Converter, converter } from '../plugin.ts'
import { CONVERTER_TYPE } from './converter-type.ts'

/** Numbers as Kafka's own serializers write them: big-endian, of one width. The schema of what is written is not looked at. */
export const numberConverters: readonly Converter[] = [
  numberConverter({
    name: 'Short',
    schemaType: 'int16',
    size: 2,
    write: (bytes, value) => bytes.writeInt16BE(Number(value)),
    read: (bytes) => bytes.readInt16BE(),
  }),
  numberConverter({
    name: 'Integer',
    schemaType: 'int32',
    size: 4,
    write: (bytes, value) => bytes.writeInt32BE(Number(value)),
    read: (bytes) => bytes.readInt32BE(),
  }),
  numberConverter({
    name: 'Long',
    schemaType: 'int64',
    size: 8,
    write: (bytes, value) => bytes.writeBigInt64BE(BigInt(value)),
    read: (bytes) => bytes.readBigInt64BE(),
  }),
  numberConverter({
    name: 'Float',
    schemaType: 'float32',
    size: 4,
    write: (bytes, value) => bytes.writeFloatBE(Number(value)),
    read: (bytes) => bytes.readFloatBE(),
  }),
  numberConverter({
    name: 'Double',
    schemaType: 'float64',
    size: 8,
    write: (bytes, value) => bytes.writeDoubleBE(Number(value)),
    read: (bytes) => bytes.readDoubleBE(),
  }),
]

type Kind = {
  /** Java's name of the type, which the class names and messages are made of */
  readonly name: 'Short' | 'Integer' | 'Long' | 'Float' | 'Double'
  readonly schemaType: SchemaType
  /** bytes */
  readonly size: number
  readonly write: (bytes: Buffer, value: number | bigint) => unknown
  readonly read: (bytes: Buffer) => number | bigint
}

function numberConverter({ name, schemaType, size, write, read }: Kind): Converter {
  const [type, wanted] = [name.toLowerCase(), `java.lang.${name}`]
  const schema = { type: schemaType, optional: true } as const
  return converter({
    name: `org.apache.kafka.connect.converters.${name}Converter`,
    version: KAFKA_VERSION,
    doc: `Numbers of type ${schemaType}: ${size} bytes, big-endian.`,
    config: CONVERTER_TYPE,
    configure: () => ({
      fromConnect(_topic, schema, value) {
        if (value === null) return null
        const found = javaClass(value, schema)
        if (found !== wanted)
          throw new DataError(`Failed to serialize to ${type} (was class ${found}): `)
        const bytes = Buffer.allocUnsafe(size)
        write(bytes, numberOf(value))
        return bytes
      },
      toConnect(_topic, bytes) {
        if (bytes === null) return { schema, value: null }
        if (bytes.length !== size)
          throw new DataError(`Failed to deserialize ${type}: `, { cause: wrongSize(name, size) })
        return { schema, value: read(bytes) }
      },
    }),
  })
}

const wrongSize = (name: string, size: number): SerializationError =>
  new SerializationError(`Size of data received by ${name}Deserializer is not ${size}`)

/** Of a value whose class is a number's. */
const numberOf = (value: Value): number | bigint =>
  value instanceof Sized ? value.value : (value as number | bigint)
