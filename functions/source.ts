import middy from '@middy/core'
import type { Plugins } from '../lib/plugin.ts'
import type { Ports, TaskEvent } from '../lib/ports.ts'
import { plugins } from '../lib/registry.ts'
import { runSource } from '../lib/runtime/source-task.ts'
import { invocationOf, observed, RUN_TO_THE_END } from './observed.ts'
import { wire } from './wire.ts'

/** Scheduled: runs one source task until it is drained or the invocation's time is nearly up. */
export const sourceHandler = (ports: () => Promise<Ports>, plugins: Plugins) =>
  middy<TaskEvent, void>(RUN_TO_THE_END)
    .use(observed('source', ports))
    .handler(async (event, context) =>
      runSource(event, invocationOf(context), await ports(), plugins),
    )

export const handler = sourceHandler(wire, plugins)
