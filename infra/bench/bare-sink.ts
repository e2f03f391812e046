/** The loops that the sink function is measured against. Mode `set`: a pipeline of SET; `ready`: MSET of ready strings; `parse`: the event's base64 and JSON read, then MSET. */
import { Redis } from 'ioredis'
import { addresses } from '../stack/addresses.ts'
import { batches, eventOf, keyOf, payloadOf } from './sink-events.ts'

const [mode = '', count = '0', database = '0'] = process.argv.slice(2)
const records = Number(count)
const PIPELINE = 500
const redis = new Redis({ ...addresses().redis, db: Number(database) })
await redis.ping()

let seconds = 0
for (const batch of batches(records)) {
  const event = mode === 'parse' ? eventOf(batch) : undefined
  const ready = event
    ? []
    : Array.from({ length: batch.to - batch.from + 1 }, (_, index) => [
        keyOf(batch.from + index),
        payloadOf(batch.from + index),
      ])
  const startedAt = performance.now()
  await write(event ? parsed(event) : ready)
  seconds += (performance.now() - startedAt) / 1000
}
await redis.quit()
process.stdout.write(`${JSON.stringify({ records, seconds })}\n`)

function parsed(event: ReturnType<typeof eventOf>): string[][] {
  return Object.values(event.records)
    .flat()
    .map(({ topic, key, value }) => [
      `${topic}_${JSON.parse(Buffer.from(key, 'base64').toString()).payload}`,
      JSON.stringify(JSON.parse(Buffer.from(value, 'base64').toString()).payload),
    ])
}

async function write(pairs: string[][]): Promise<void> {
  const pipelines: Promise<unknown>[] = []
  for (let from = 0; from < pairs.length; from += PIPELINE) {
    const chunk = pairs.slice(from, from + PIPELINE)
    if (mode === 'set') {
      const pipeline = redis.pipeline()
      for (const [key = '', value = ''] of chunk) pipeline.set(key, value)
      pipelines.push(pipeline.exec())
    } else pipelines.push(redis.mset(chunk.flat()))
  }
  await Promise.all(pipelines)
}
