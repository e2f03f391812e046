import type { Clock, Workers } from '../ports.ts'
import type { Row, Rows } from './rows.ts'

const PK = 'workers'

export const workerRows = (rows: Rows, clock: Pick<Clock, 'now'>): Workers => ({
  beat: (id, ttlMs) =>
    rows.putAll([{ pk: PK, sk: id, attributes: { expiresAt: clock.now() + ttlMs } }]),

  leave: (id) => rows.removeAll([{ pk: PK, sk: id }]),

  async living() {
    const all = await rows.query(PK, '')
    const isLiving = ({ attributes }: Row) => Number(attributes.expiresAt) > clock.now()
    const dead = all.filter((row) => !isLiving(row))
    // Should one of them only have slept, it says so again with its next beat.
    if (dead.length > 0) await rows.removeAll(dead)
    return all.filter(isLiving).map(({ sk }) => sk)
  },
})
