import type { Context } from 'aws-lambda'
import { isStackRequest, type StackSurroundings, serveStack } from '../lib/cloud/stack-request.ts'

type Wired = Omit<StackSurroundings, 'remainingMs'>

/** CloudFormation's requests go their own way; all other events go on. */
export const withStackEvents =
  <Event extends object>(
    next: (event: Event, context: Context) => Promise<unknown>,
    wired: () => Wired,
  ) =>
  async (event: Event, context: Context): Promise<unknown> =>
    isStackRequest(event)
      ? serveStack(event, { ...wired(), remainingMs: () => context.getRemainingTimeInMillis() })
      : next(event, context)
