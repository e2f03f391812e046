import middy from '@middy/core'
import { LOGGERS } from '../lib/config/loggers.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { Ports, TaskEvent } from '../lib/ports.ts'
import { plugins } from '../lib/registry.ts'
import { runSource } from '../lib/runtime/source-task.ts'
import { underName } from './log-name.ts'
import { invocationOf, observed, RUN_TO_THE_END } from './observed.ts'
import { wire } from './wire.ts'

/** Scheduled: runs one source task until it is drained or the invocation's time is nearly up. */
export function sourceHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const ports = underName(LOGGERS.source, given)
  return middy<TaskEvent, void>(RUN_TO_THE_END)
    .use(observed('source', ports))
    .handler(async (event, context) =>
      runSource(event, invocationOf(context), await ports(), plugins),
    )
}

export const handler = sourceHandler(wire, plugins)
