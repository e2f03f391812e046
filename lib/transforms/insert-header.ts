import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { parseValue } from '../data/parse-value.ts'
import { type Example, transform } from '../plugin.ts'

export const insertHeader = transform({
  name: 'org.apache.kafka.connect.transforms.InsertHeader',
  version: KAFKA_VERSION,
  doc: 'Adds a header of a fixed value, also where one of its name is there already.',
  config: {
    header: {
      type: 'string',
      importance: 'high',
      doc: 'The name of the header.',
      refuse: refuseNull,
    },
    'value.literal': {
      type: 'string',
      importance: 'high',
      doc: 'The literal value that is to be set as the header value on all records.',
      refuse: refuseNull,
    },
  },
  configure({ header: key, 'value.literal': literal }) {
    const header = { key, ...parseValue(literal) }
    return { apply: (record) => ({ ...record, headers: [...record.headers, header] }) }
  },
})

function refuseNull(text: string | null): string | undefined {
  return text === null ? 'entry must be non null' : undefined
}

export const examples: readonly Example[] = [
  {
    title: 'the type of the value is guessed from its text, as that of a header read from Kafka',
    config: { header: 'priority', 'value.literal': '300' },
    have: { headers: [{ key: 'priority', schema: null, value: 'high' }] },
    want: {
      headers: [
        { key: 'priority', schema: null, value: 'high' },
        { key: 'priority', schema: { type: 'int16' }, value: 300 },
      ],
    },
  },
  {
    title: 'a word is a text',
    config: { header: 'origin', 'value.literal': 'shop' },
    have: { value: null },
    want: { headers: [{ key: 'origin', schema: { type: 'string' }, value: 'shop' }] },
  },
]
