/** A noisy machine gets three rounds; what holds in none of them does not hold. */
const ROUNDS = 3

/** The least of the rounds' medians, in milliseconds; no further round once one is below the limit. */
export async function leastMedian(
  limitMs: number,
  tries: number,
  run: () => Promise<unknown>,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS && least >= limitMs; round++)
    least = Math.min(least, await median(tries, run))
  return least
}

export async function median(tries: number, run: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < tries; at++) {
    const begunAt = performance.now()
    await run()
    times.push(performance.now() - begunAt)
  }
  return times.toSorted((one, other) => one - other)[tries >> 1] ?? 0
}
