import middy from '@middy/core'
import { LOGGERS } from '../lib/config/loggers.ts'
import { coordinate } from '../lib/coordinator/coordinate.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { CoordinatorEvent, Ports } from '../lib/ports.ts'
import { underName } from './log-name.ts'
import { invocationOf, observed, RUN_TO_THE_END } from './observed.ts'
import { plugins, wire } from './wire.ts'

/** Nudged after each change, and scheduled: makes tasks, schedules and mappings what the rows want. */
export function coordinatorHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const ports = underName(LOGGERS.coordinator, given)
  return middy<CoordinatorEvent, void>(RUN_TO_THE_END)
    .use(observed('coordinator', ports))
    .handler(async (event, context) =>
      coordinate(event, await ports(), plugins, invocationOf(context).remainingMs),
    )
}

export const handler = coordinatorHandler(wire, plugins)
