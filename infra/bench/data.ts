/** Converters, transforms and predicates alone, no server: thousands of different records, each figure the best of several rounds on one core. */
import { murmur2 } from '../../lib/data/murmur2.ts'
import type { Figures } from './bench.ts'
import { benchConverters } from './converters.ts'
import { perSecond } from './rounds.ts'
import { rowsOf } from './rows.ts'
import { benchTransforms } from './transforms.ts'

/** `rows`: how many records a round has. */
export async function benchData({ rows = 500_000 } = {}): Promise<Figures> {
  const keys = rowsOf((at) => Buffer.from(`customer-${at * 7919}`))
  return {
    ...benchConverters(rows),
    murmur2_keys_per_s: perSecond(keys, rows, murmur2),
    ...benchTransforms(rows),
  }
}
