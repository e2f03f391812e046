const ROUNDS = 5

/**
 * How often a second of CPU time `work` is done, the best of several rounds of `count`: what else runs on the machine tells little then.
 * The collector's threads count too. The sum keeps the work from being left out by the compiler.
 */
export function perSecond<T>(
  items: readonly T[],
  count: number,
  work: (item: T) => number,
): number {
  const whole = Math.ceil(count / items.length) * items.length
  let best = 0
  let sum = 0
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage()
    for (let done = 0; done < whole; done += items.length)
      for (const item of items) sum += work(item)
    const { user, system } = process.cpuUsage(before)
    best = Math.max(best, (whole / (user + system)) * 1e6)
  }
  if (Number.isNaN(sum)) throw new TypeError('the work gave no numbers')
  return Math.round(best)
}

/** `org.…transforms.HasHeaderKey$Value` as a part of a figure's name: `has_header_key`. */
export const figureName = (className: string): string =>
  className
    .replace(/^.*\./, '')
    .replace(/\$.*$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
