import { named } from '../lib/config/loggers.ts'
import type { Ports } from '../lib/ports.ts'
import { once } from './on-first-use.ts'

/** The same ports, with a log under this logger's name: a function's lines are told apart by it. */
export const underName = (logger: string, ports: () => Promise<Ports>): (() => Promise<Ports>) =>
  once(async () => {
    const given = await ports()
    return { ...given, log: named(given.log, logger) }
  })
