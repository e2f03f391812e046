import type { MiddlewareObj } from '@middy/core'
import type { Context } from 'aws-lambda'
import type { Fields, Invocation, Ports } from '../lib/ports.ts'

/** Invariant 8: a handler is never answered for while its work goes on; it watches the time itself. */
export const RUN_TO_THE_END = { timeoutEarlyInMillis: 0 } as const

/** Log lines tell function and invocation; the metrics of an invocation are written at its end, however it ends. */
export function observed(service: string, ports: () => Promise<Ports>): MiddlewareObj {
  // Whatever a middleware returns would be the answer, so this returns nothing.
  // An invocation at a time; the look at levels goes on beside its work, and nothing floats once it has answered.
  let looking: Promise<void> | undefined
  const finish = async (): Promise<void> => {
    const { metrics } = await ports()
    await looking
    metrics.flush?.()
  }
  return {
    async before({ event, context }) {
      const { log, watchLevels } = await ports()
      log.begin?.({ function: service, invocation: context.awsRequestId, ...subjectOf(event) })
      looking = watchLevels?.()
    },
    after: finish,
    // Without ports there is nothing to write, and the error on its way says why.
    onError: () => finish().catch(() => undefined),
  }
}

/** What schedules, nudges and asynchronous invokes are about. Lambda's Kafka event does not tell. */
function subjectOf(event: unknown): Fields {
  // Whatever was sent to the function.
  const { connector, task } = Object(event) as { connector?: unknown; task?: unknown }
  return {
    ...(typeof connector === 'string' && { connector }),
    ...(typeof task === 'number' && { task }),
  }
}

export const invocationOf = (context: Context): Invocation => ({
  id: context.awsRequestId,
  remainingMs: () => context.getRemainingTimeInMillis(),
})
