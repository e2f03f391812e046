import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again until the answer is something. @throws Error that says what was wanted and what was seen last. */
export async function until<Found>(
  wanted: string,
  limitMs: number,
  look: () => Promise<{ readonly found: Found } | { readonly seen: unknown }>,
): Promise<Found> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const seen = await look()
    if ('found' in seen) return seen.found
    if (performance.now() > deadline)
      throw new Error(`not so after ${limitMs / 1000} s: ${wanted}; ${JSON.stringify(seen.seen)}`)
    await sleep(100)
  }
}
