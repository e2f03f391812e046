import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { type Example, predicate } from '../plugin.ts'

export const recordIsTombstone = predicate({
  name: 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
  version: KAFKA_VERSION,
  doc: 'Whether the value of a record is null.',
  config: {},
  configure: () => ({ test: ({ value }) => value === null }),
})

export const examples: readonly Example[] = [
  {
    title: 'a value of null, even with a schema',
    config: {},
    have: { key: 'k', valueSchema: { type: 'string', optional: true }, value: null },
    want: true,
  },
  {
    title: 'an empty value is a value',
    config: {},
    have: { key: 'k', value: '' },
    want: false,
  },
]
