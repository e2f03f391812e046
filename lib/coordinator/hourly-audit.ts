import { createHash } from 'node:crypto'
import type { Clock, Ports } from '../ports.ts'

const PARTS = 60

/** Each minute another sixtieth of all, so that each has its turn once an hour; always the same minute for a name. */
export const hourlyAudit =
  (clock: Pick<Clock, 'now'>, parts = PARTS): NonNullable<Ports['audit']> =>
  async (all) => {
    const part = Math.floor(clock.now() / 60_000) % parts
    return (await all()).filter((name) => partOf(name, parts) === part)
  }

const partOf = (name: string, parts: number): number =>
  createHash('sha256').update(name).digest().readUInt32BE() % parts
