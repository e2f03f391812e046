// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so.
import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { type DateFormat, dateFormat } from '../data/date-format.ts'
import { Instant } from '../data/value.ts'
import { DataError } from '../errors.ts'
import { type Example, transform } from '../plugin.ts'

export const timestampRouter = transform({
  name: 'org.apache.kafka.connect.transforms.TimestampRouter',
  version: KAFKA_VERSION,
  doc: 'Gives records another topic, whose name has the time of the record in it, in UTC.',
  config: {
    'topic.format': {
      type: 'string',
      importance: 'high',
      default: '${topic}-${timestamp}',
      doc: 'Format string which can contain <code>${topic}</code> and <code>${timestamp}</code> as placeholders for the topic and timestamp, respectively.',
    },
    'timestamp.format': {
      type: 'string',
      importance: 'high',
      default: 'yyyyMMdd',
      doc: 'Format string for the timestamp that is compatible with <code>java.text.SimpleDateFormat</code>.',
    },
  },
  configure(config) {
    const topicFormat = config['topic.format']
    const formatted = onFirstUse(config['timestamp.format'])
    return {
      apply(record) {
        const { topic, timestamp } = record
        if (timestamp === null)
          throw new DataError(
            `Timestamp missing on record: topic ${topic}, partition ${record.partition}`,
          )
        const time = formatted().format(new Instant(timestamp))
        // A topic may itself be called by a placeholder: the time is filled in last.
        const withTopic = topicFormat.replaceAll('${topic}', () => topic)
        return { ...record, topic: withTopic.replaceAll('${timestamp}', () => time) }
      },
    }
  },
})

/** A pattern that is none fails each record, and not the start of the task: so it is in Kafka Connect. */
function onFirstUse(pattern: string): () => DateFormat {
  let format: DateFormat | undefined
  return () => {
    format ??= dateFormat(pattern)
    return format
  }
}

export const examples: readonly Example[] = [
  {
    title: 'a topic a day',
    config: {},
    have: { topic: 'orders', timestamp: 1_700_000_000_123 },
    want: { topic: 'orders-20231114' },
  },
  {
    title: 'the time may be written otherwise, and stand elsewhere',
    config: { 'topic.format': '${timestamp}_${topic}', 'timestamp.format': "YYYY-'w'ww" },
    have: { topic: 'orders', timestamp: 1_700_000_000_123 },
    want: { topic: '2023-w46_orders' },
  },
]
