/** What the poller would hand to the sink function: records of (bigint id, varchar name), JSON with schemas. */
const BATCH = 10_000
export const TOPIC = 'bench_sink'
const SCHEMA = `{"type":"struct","fields":[{"type":"int64","optional":false,"field":"id"},{"type":"string","optional":false,"field":"name"}],"optional":false,"name":"${TOPIC}"}`

export const keyOf = (id: number): string => `${TOPIC}_${id}`
export const payloadOf = (id: number): string => `{"id":${id},"name":"user ${id}"}`

export function* batches(records: number): Generator<{ from: number; to: number }> {
  for (let from = 1; from <= records; from += BATCH)
    yield { from, to: Math.min(records, from + BATCH - 1) }
}

/** The event as Lambda's poller makes it. */
export function eventOf({ from, to }: { from: number; to: number }) {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return {
    eventSource: 'SelfManagedKafka' as const,
    bootstrapServers: 'bench',
    records: {
      [`${TOPIC}-0`]: Array.from({ length: to - from + 1 }, (_, index) => ({
        topic: TOPIC,
        partition: 0,
        offset: from + index,
        timestamp: 1_700_000_000_000,
        timestampType: 'CREATE_TIME' as const,
        key: base64(`{"schema":{"type":"string","optional":false},"payload":"${from + index}"}`),
        value: base64(`{"schema":${SCHEMA},"payload":${payloadOf(from + index)}}`),
        headers: [],
      })),
    },
  }
}
