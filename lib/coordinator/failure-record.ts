/** What the coordinator does about an asynchronous invoke that failed: Lambda tells it so, and locally the invoker does. */
import type { Plugins } from '../plugin.ts'
import type { CoordinatorEvent, FailureRecord, Ports } from '../ports.ts'
import { coordinate } from './coordinate.ts'

export const isFailureRecord = (event: CoordinatorEvent | FailureRecord): event is FailureRecord =>
  'requestContext' in event && 'requestPayload' in event

/** More than so many within a minute, and the next tick goes on instead: what dies at once each time must not spin. */
const MAX_AT_ONCE = 3

/** A source task that died begins anew at once, whatever else died leads to a look. Repeated or late, it does nothing. */
export async function afterFailure(
  record: FailureRecord,
  ports: Ports,
  plugins: Plugins,
): Promise<void> {
  const { requestId: invocation, condition, functionArn } = record.requestContext
  const { connector, task } = eventOf(record.requestPayload)
  const fields = { connector, task, function: functionArn, invocation }
  ports.log.warn(`An invocation failed (${condition}): ${failureIn(record)}`, fields)
  // A tick, or no event of ours: the next tick comes by itself.
  if (connector === undefined) return
  const lost =
    task === undefined ? undefined : await ports.leases.releaseLost({ connector, task, invocation })
  // It may have been a source's that had no lease any more. What never began has had none.
  if (!lost && record.responseContext && kindOf(functionArn) === 'source') return
  const unit = `${kindOf(functionArn)}-${task ?? 'all'}`
  const count = await ports.losses.count(connector, unit, invocation)
  if (count === undefined) return
  if (count > MAX_AT_ONCE)
    return ports.log.warn(
      `${count} invocations have failed within a minute: the next tick goes on`,
      fields,
    )
  await coordinate({ connector, ...(lost && { lost: [lost.task] }) }, ports, plugins)
}

type Payload = { readonly connector?: unknown; readonly task?: unknown }

/** Of a task or a nudge; whatever else a function is called with is no business of the coordinator. */
function eventOf(payload: unknown): { connector?: string; task?: number } {
  // From outside: any JSON.
  const { connector, task } = (payload ?? {}) as Payload
  return {
    ...(typeof connector === 'string' && { connector }),
    ...(typeof task === 'number' && { task }),
  }
}

/** `arn:aws:lambda:region:account:function:connectless-prod-source:live`, locally without stage. */
function kindOf(functionArn: string): 'source' | 'sink' | 'coordinator' | undefined {
  const name = functionArn.split(':')[6] ?? ''
  return (['source', 'sink', 'coordinator'] as const).find((kind) => name.endsWith(kind))
}

type Died = { readonly errorType?: unknown; readonly errorMessage?: unknown }

function failureIn({ responseContext, responsePayload }: FailureRecord): string {
  if (!responseContext) return 'it was never begun'
  // From outside: what Lambda says of an error, or anything.
  const { errorType, errorMessage } = (responsePayload ?? {}) as Died
  return [errorType, errorMessage].filter((text) => typeof text === 'string').join(': ')
}
