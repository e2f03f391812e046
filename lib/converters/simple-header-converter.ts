import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { charsetOf } from '../data/charset.ts'
import { parseValue } from '../data/parse-value.ts'
import type { SchemaAndValue } from '../data/schema.ts'
import { valueText } from '../data/value-text.ts'
import { DataError } from '../errors.ts'
import { converter } from '../plugin.ts'

const utf8 = charsetOf('UTF-8')

export const simpleHeaderConverter = converter({
  name: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  version: KAFKA_VERSION,
  doc: 'Headers as text; what is read is guessed: a number, a boolean, a date, a list, a map, or else a string.',
  config: {},
  headersOnly: true,
  configure: () => ({
    fromConnect: (_topic, schema, value) =>
      value === null ? null : utf8.encode(valueText(value, schema)),
    toConnect: (_topic, bytes) => (bytes === null ? { schema: null, value: null } : guess(bytes)),
  }),
})

/** Where Kafka Connect runs out of stack it keeps the bytes. */
function guess(bytes: Buffer): SchemaAndValue {
  try {
    return parseValue(utf8.decode(bytes))
  } catch (error) {
    if (error instanceof DataError) return { schema: { type: 'bytes' }, value: bytes }
    throw error
  }
}
