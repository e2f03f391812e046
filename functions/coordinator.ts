import middy from '@middy/core'
import { LOGGERS } from '../lib/config/loggers.ts'
import { type ConnectorWatch, connectorWatch } from '../lib/coordinator/connector-watch.ts'
import { coordinate } from '../lib/coordinator/coordinate.ts'
import { afterFailure, isFailureRecord } from '../lib/coordinator/failure-record.ts'
import { groupMirrors } from '../lib/coordinator/group-mirrors.ts'
import { patientAsk } from '../lib/coordinator/patient-ask.ts'
import type { Plugins } from '../lib/plugin.ts'
import { ASK_MS, type CoordinatorEvent, type FailureRecord, type Ports } from '../lib/ports.ts'
import { underName } from './log-name.ts'
import { invocationOf, observed, RUN_TO_THE_END } from './observed.ts'
import { once } from './on-first-use.ts'
import { withStackEvents } from './stack-events.ts'
import { plugins, wire, wireStack } from './wire.ts'

/** What a question may take, and writing metrics after it: an invocation that is cut off tells none. */
const QUESTION_MS = ASK_MS + 5_000

/** Nudged after each change, scheduled, and told of failed invocations: makes tasks, schedules and mappings what the rows want. */
export function coordinatorHandler(given: () => Promise<Ports>, plugins: Plugins) {
  const named = underName(LOGGERS.coordinator, given)
  const ports = once(async () => {
    const wired = await named()
    return { ...wired, ask: patientAsk(wired.ask, wired.clock) }
  })
  const mirrors = once(async () => groupMirrors(await ports()))
  let watch: ConnectorWatch | undefined
  return middy<CoordinatorEvent | FailureRecord, void>(RUN_TO_THE_END)
    .use(observed('coordinator', ports))
    .handler(async (event, context) => {
      const wired = await ports()
      if (isFailureRecord(event)) return afterFailure(event, wired, plugins)
      watch ??= connectorWatch(wired, plugins)
      const { remainingMs } = invocationOf(context)
      await coordinate(event, wired, plugins, { remainingMs, watch })
      if (event.connector === undefined)
        await (await mirrors()).refresh(() => remainingMs() > QUESTION_MS)
    })
}

export const handler = withStackEvents(coordinatorHandler(wire, plugins), wireStack)
