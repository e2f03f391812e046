import { setTimeout } from 'node:timers/promises'

/** Waits before the next try: up to 20, 40, 80 … 500 ms, at random, so that those who met do not meet again. */
export const backOff = (failures: number): Promise<void> =>
  setTimeout(Math.random() * Math.min(500, 10 * 2 ** failures))
