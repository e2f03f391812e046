import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { type Example, predicate } from '../plugin.ts'

export const hasHeaderKey = predicate({
  name: 'org.apache.kafka.connect.transforms.predicates.HasHeaderKey',
  version: KAFKA_VERSION,
  doc: 'Whether a record has at least one header of a given name.',
  config: {
    name: {
      type: 'string',
      importance: 'medium',
      doc: 'The header name.',
      refuse: (name) => (name === '' ? 'String must be non-empty' : undefined),
    },
  },
  configure: ({ name }) => ({
    test: ({ headers }) => headers.some(({ key }) => key === name),
  }),
})

export const examples: readonly Example[] = [
  {
    title: 'a record with such a header, whatever it holds',
    config: { name: 'trace' },
    have: {
      headers: [
        { key: 'user', schema: null, value: 'ada' },
        { key: 'trace', schema: null, value: null },
      ],
    },
    want: true,
  },
  {
    title: 'a name in other letters is another name',
    config: { name: 'trace' },
    have: { headers: [{ key: 'Trace', schema: null, value: 1n }] },
    want: false,
  },
]
