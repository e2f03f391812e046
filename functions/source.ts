import middy from '@middy/core'
import { LOGGERS } from '../lib/config/loggers.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { AskEvent, Ports, TaskEvent } from '../lib/ports.ts'
import { answer } from '../lib/runtime/answer.ts'
import { runSource } from '../lib/runtime/source-task.ts'
import { underName } from './log-name.ts'
import { invocationOf, observed, RUN_TO_THE_END } from './observed.ts'
import { plugins, wire } from './wire.ts'

/** Scheduled: runs one source task until it is drained or the invocation's time is nearly up. Asked by the api, it answers. */
export function sourceHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const ports = underName(LOGGERS.source, given)
  return middy<TaskEvent | AskEvent, unknown>(RUN_TO_THE_END)
    .use(observed('source', ports))
    .handler(async (event, context) =>
      'ask' in event
        ? answer(event, await ports(), plugins)
        : runSource(event, invocationOf(context), await ports(), plugins),
    )
}

export const handler = sourceHandler(wire, plugins)
