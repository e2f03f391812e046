import middy from '@middy/core'
import { LOGGERS } from '../lib/config/loggers.ts'
import type { KafkaEvent } from '../lib/data/kafka-event.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { Ports, TaskEvent } from '../lib/ports.ts'
import { plugins } from '../lib/registry.ts'
import { type SinkTasks, sinkTasks } from '../lib/runtime/sink-task.ts'
import { underName } from './log-name.ts'
import { invocationOf, observed, RUN_TO_THE_END } from './observed.ts'
import { wire } from './wire.ts'

/** Called with a batch of a connector's topic, or by the coordinator to bring a task's status up to date. */
export function sinkHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const ports = underName(LOGGERS.sink, given)
  let tasks: SinkTasks | undefined
  return middy<KafkaEvent | TaskEvent, void>(RUN_TO_THE_END)
    .use(observed('sink', ports))
    .handler(async (event, context) => {
      const wired = await ports()
      tasks ??= sinkTasks(wired, plugins)
      if (!('records' in event)) return tasks.prepare(event)
      const connector = await wired.aliases.connectorOf(context.invokedFunctionArn)
      return tasks.deliver(connector, event, invocationOf(context))
    })
}

export const handler = sinkHandler(wire, plugins)
