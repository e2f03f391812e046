import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { someDistinctItems } from '../config/valid-list.ts'
import { type Example, transform } from '../plugin.ts'

export const dropHeaders = transform({
  name: 'org.apache.kafka.connect.transforms.DropHeaders',
  version: KAFKA_VERSION,
  doc: 'Takes headers away, by name.',
  config: {
    headers: {
      type: 'list',
      importance: 'high',
      doc: 'The name of the headers to be removed.',
      ...someDistinctItems('headers'),
    },
  },
  configure({ headers: names }) {
    const dropped = new Set(names)
    return {
      apply: (record) => ({
        ...record,
        headers: record.headers.filter(({ key }) => !dropped.has(key)),
      }),
    }
  },
})

export const examples: readonly Example[] = [
  {
    title: 'every header of a listed name goes, the others keep their order',
    config: { headers: 'trace,user' },
    have: {
      headers: [
        { key: 'user', schema: null, value: 'ada' },
        { key: 'origin', schema: null, value: 'shop' },
        { key: 'trace', schema: null, value: 1n },
        { key: 'user', schema: null, value: 'bob' },
        { key: 'Trace', schema: null, value: 2n },
      ],
    },
    want: {
      headers: [
        { key: 'origin', schema: null, value: 'shop' },
        { key: 'Trace', schema: null, value: 2n },
      ],
    },
  },
  {
    title: 'a record without such headers stays as it is',
    config: { headers: 'trace' },
    have: { headers: [{ key: 'origin', schema: null, value: 'shop' }] },
    want: {},
  },
]
