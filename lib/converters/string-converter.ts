import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { charsetOf } from '../data/charset.ts'
import { javaText } from '../data/java-text.ts'
import { OPTIONAL_STRING } from '../data/schema.ts'
import { converter } from '../plugin.ts'
import { CONVERTER_TYPE } from './converter-type.ts'

export const stringConverter = converter({
  name: 'org.apache.kafka.connect.storage.StringConverter',
  version: KAFKA_VERSION,
  doc: "Text: whatever is written becomes Java's text of it, whatever is read a string.",
  config: {
    ...CONVERTER_TYPE,
    'converter.encoding': {
      type: 'string',
      importance: 'high',
      default: 'UTF-8',
      doc: 'The name of the Java character set to use for encoding strings as byte arrays.',
      width: 'medium',
      displayName: 'Encoding',
    },
  },
  configure(config) {
    const { encode, decode } = charsetOf(config['converter.encoding'])
    return {
      fromConnect: (_topic, schema, value) =>
        value === null ? null : encode(javaText(value, schema)),
      toConnect: (_topic, bytes) => ({
        schema: OPTIONAL_STRING,
        value: bytes === null ? null : decode(bytes),
      }),
    }
  },
})
