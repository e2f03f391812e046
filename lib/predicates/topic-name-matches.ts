import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { refuseRegex } from '../config/valid-regex.ts'
import { javaPattern } from '../data/java-pattern.ts'
import { perText } from '../data/per-text.ts'
import { type Example, predicate } from '../plugin.ts'

export const topicNameMatches = predicate({
  name: 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
  version: KAFKA_VERSION,
  doc: 'Whether the name of the topic matches a pattern as a whole. It is the topic that earlier transforms have left.',
  config: {
    pattern: {
      type: 'string',
      importance: 'medium',
      doc: "A Java regular expression for matching against the name of a record's topic.",
      refuse: (pattern) => (pattern === '' ? 'String must be non-empty' : refuseRegex(pattern)),
    },
  },
  configure({ pattern }) {
    const matches = perText(javaPattern(pattern).matches)
    return { test: ({ topic }) => matches(topic) }
  },
})

export const examples: readonly Example[] = [
  {
    title: 'a topic that matches',
    config: { pattern: 'orders-\\d+' },
    have: { topic: 'orders-2024' },
    want: true,
  },
  {
    title: 'a part that matches is not enough',
    config: { pattern: 'orders' },
    have: { topic: 'orders-2024' },
    want: false,
  },
]
