// biome-ignore-all lint/suspicious/noTemplateCurlyInString: groups are named so.
import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { refuseRegex } from '../config/valid-regex.ts'
import { javaPattern } from '../data/java-pattern.ts'
import { perText } from '../data/per-text.ts'
import { type Example, transform } from '../plugin.ts'

export const regexRouter = transform({
  name: 'org.apache.kafka.connect.transforms.RegexRouter',
  version: KAFKA_VERSION,
  doc: 'Gives records another topic, where the whole name of theirs matches a pattern.',
  config: {
    regex: {
      type: 'string',
      importance: 'high',
      doc: 'Regular expression to use for matching.',
      refuse: refuseRegex,
    },
    replacement: { type: 'string', importance: 'high', doc: 'Replacement string.' },
  },
  configure({ regex, replacement }) {
    const pattern = javaPattern(regex)
    // The first match may be another than the one of the whole name, as in Kafka Connect.
    const routed = perText((topic) =>
      pattern.matches(topic) ? pattern.replaceFirst(topic, replacement) : topic,
    )
    return {
      apply(record) {
        const topic = routed(record.topic)
        return topic === record.topic ? record : { ...record, topic }
      },
    }
  },
})

export const examples: readonly Example[] = [
  {
    title: 'parts of the name are taken over by number or by name',
    config: { regex: '(?<what>\\w+)-(\\d+)', replacement: '$2.${what}' },
    have: { topic: 'orders-2024' },
    want: { topic: '2024.orders' },
  },
  {
    title: 'a topic of which only a part matches stays as it is',
    config: { regex: 'orders', replacement: 'sales' },
    have: { topic: 'orders-2024' },
    want: {},
  },
]
