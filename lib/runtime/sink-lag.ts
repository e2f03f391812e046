import type { Answerer } from './answer.ts'

/**
 * Where a group has committed nothing yet, or what is deleted by now, all that is there lies before it. A group that cannot be asked, as of a
 * partition without a leader, is left out; where it is so for all, the question fails.
 */
export const sinkLag: Answerer<'sinkLag'> = async ({ groups }, { ports }) => {
  const asked = groups.map(async ({ group, topics }) => {
    const lags = new Map<string, number>()
    for (const { topic, committed, start, end } of await ports.groups.offsets(group, topics)) {
      const lag = Math.max(0, end - Math.max(start, committed ?? start))
      lags.set(topic, (lags.get(topic) ?? 0) + lag)
    }
    return [...lags].map(([topic, lag]) => ({ group, topic, lag }))
  })
  const outcomes = await Promise.allSettled(asked)
  const told = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = outcomes.find((one) => one.status === 'rejected')
  if (told.length === 0 && failed) throw failed.reason
  return { lags: told.flat() }
}
