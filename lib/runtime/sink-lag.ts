import type { Answerer } from './answer.ts'

/** Where a group has committed nothing yet, or what is deleted by now, all that is there lies before it. */
export const sinkLag: Answerer<'sinkLag'> = async ({ groups }, { ports }) => {
  const offsets = await Promise.all(
    groups.map(({ group, topics }) => ports.groups.offsets(group, topics)),
  )
  const lags = new Map<string, number>()
  for (const { topic, committed, start, end } of offsets.flat())
    lags.set(topic, (lags.get(topic) ?? 0) + Math.max(0, end - Math.max(start, committed ?? start)))
  return { lags: [...lags].map(([topic, lag]) => ({ topic, lag })) }
}
