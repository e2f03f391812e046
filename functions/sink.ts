import middy from '@middy/core'
import { LOGGERS } from '../lib/config/loggers.ts'
import type { KafkaEvent } from '../lib/data/kafka-event.ts'
import type { Plugins } from '../lib/plugin.ts'
import type { AskEvent, Ports, TaskEvent } from '../lib/ports.ts'
import { answer } from '../lib/runtime/answer.ts'
import { answerFor } from '../lib/runtime/batch-answer.ts'
import { type SinkTasks, sinkTasks } from '../lib/runtime/sink-task.ts'
import { underName } from './log-name.ts'
import { invocationOf, observed, RUN_TO_THE_END } from './observed.ts'
import { plugins, wire } from './wire.ts'

/** Called with a batch of a connector's topic, by the coordinator to bring a task's status up to date, or asked by the api. */
export function sinkHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const ports = underName(LOGGERS.sink, given)
  let tasks: SinkTasks | undefined
  return middy<KafkaEvent | TaskEvent | AskEvent, unknown>(RUN_TO_THE_END)
    .use(observed('sink', ports))
    .handler(async (event, context) => {
      const wired = await ports()
      if ('ask' in event) return answer(event, wired, plugins)
      tasks ??= sinkTasks(wired, plugins)
      if (!('records' in event)) return tasks.prepare(event)
      const { invokedFunctionArn: arn } = context
      const connector = await wired.aliases.connectorOf(arn)
      wired.log.begin?.({ function: 'sink', invocation: context.awsRequestId, connector })
      const { deliver } = tasks
      const invocation = invocationOf(context)
      return answerFor(
        event,
        wired,
        (part) => deliver(connector, part, invocation),
        () => wired.aliases.readsAnswers?.(arn),
      )
    })
}

export const handler = sinkHandler(wire, plugins)
