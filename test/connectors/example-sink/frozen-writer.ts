import { parseConfig } from '../../../lib/config/config-def.ts'
import { exampleSink } from '../../../lib/connectors/example-sink/index.ts'
import type { SinkRecord } from '../../../lib/data/record.ts'
import { ROW } from '../redis-for-test.ts'

// A sink task in a process of its own that puts an old version of every key, and stops itself in between as if by SIGSTOP from outside.
const { TOPIC = '', CONNECTOR = '', CONFIG = '', FREEZE_AT = '' } = process.env
const [count, deadlineMs] = [Number(process.env['RECORDS']), Number(process.env['DEADLINE_MS'])]

function reach(moment: string): void {
  if (moment !== FREEZE_AT) return
  process.send?.('freezing')
  process.kill(process.pid, 'SIGSTOP')
}

const recordAt = (offset: number): SinkRecord => ({
  topic: TOPIC,
  partition: 0,
  offset,
  originalTopic: TOPIC,
  originalPartition: 0,
  timestamp: null,
  timestampType: 'CREATE_TIME',
  headers: [],
  keySchema: { type: 'string' },
  key: `k${offset}`,
  valueSchema: ROW,
  get value() {
    reach(`record ${offset}`)
    return { id: BigInt(offset), name: 'old' }
  },
})

const task = await exampleSink.startTask(parseConfig(exampleSink.config, JSON.parse(CONFIG)), {
  connector: CONNECTOR,
  task: 0,
  warn: () => undefined,
  reportErrant: async (_, error) => {
    throw error
  },
})
const deadline = performance.now() + deadlineMs
let looks = 0
const remainingMs = () => {
  reach(`look ${++looks}`)
  return deadline - performance.now()
}
try {
  await task.put(
    Array.from({ length: count }, (_, at) => recordAt(at)),
    { id: 'old', remainingMs },
  )
  process.send?.('written')
} catch (error) {
  process.send?.(String(error))
}
await task.stop()
process.disconnect()
