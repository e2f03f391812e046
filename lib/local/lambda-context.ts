import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import type { Clock } from '../ports.ts'

/** What Lambda tells a function of its invocation, for one in this process. */
export function lambdaContext(
  name: string,
  of: { readonly remainingMs: () => number; readonly arn?: string; readonly id?: string },
): Context {
  const nothing = () => undefined
  return {
    awsRequestId: of.id ?? randomUUID(),
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: of.arn ?? `arn:aws:lambda:local:000000000000:function:${name}`,
    memoryLimitInMB: '256',
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, of.remainingMs()),
    done: nothing,
    fail: nothing,
    succeed: nothing,
  }
}

/** The time that is left of an invocation of `limitMs`: none once the process is asked to stop. */
export function remainingTime(limitMs: number, clock: Clock, stopping: AbortSignal): () => number {
  const endsAt = clock.monotonic() + limitMs
  return () => (stopping.aborted ? 0 : endsAt - clock.monotonic())
}
