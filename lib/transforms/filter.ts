import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { type Example, transform } from '../plugin.ts'

export const filter = transform({
  name: 'org.apache.kafka.connect.transforms.Filter',
  version: KAFKA_VERSION,
  doc: 'Drops every record it is given: those for which its predicate says so.',
  config: {},
  configure: () => ({ apply: () => null }),
})

export const examples: readonly Example[] = [
  { title: 'a record is dropped', config: {}, have: { value: 'hello' }, want: null },
  { title: 'a tombstone too', config: {}, have: { value: null }, want: null },
]
