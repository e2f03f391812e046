/** A worker with one mapping, to be frozen. Prints a line of JSON for each step of each invocation. */
import { setTimeout } from 'node:timers/promises'
import { kafkaTopics } from '../../lib/kafka/topics.ts'
import { kafkaPoller } from '../../lib/local/kafka-poller.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'

const [broker = '', topic = '', group = ''] = process.argv.slice(2)
const kafka = { brokers: [broker] }
const line = (message: string) => void process.stderr.write(`${message}\n`)
const log = { info: line, warn: line, error: line }
const say = (said: object) => process.stdout.write(`${JSON.stringify(said)}\n`)

kafkaPoller({
  kafka,
  topics: kafkaTopics(kafka, log),
  clock: systemClock,
  log,
  settings: { batchSize: 20 },
  async invokeSink(event, { id, remainingMs }) {
    const records = Object.values(event.records).flat()
    const [first] = records
    const of = { id, partition: first?.partition, offset: first?.offset }
    // It takes a while, and goes on whatever time is left: what keeps offsets right must not depend on it.
    for (let step = 0; step < 10; step++) {
      say({ ...of, remainingMs: remainingMs() })
      await setTimeout(20)
    }
    say({ ...of, taken: records.map(({ offset }) => offset) })
  },
})({ connector: 'a-sink', topic, group, enabled: true })
