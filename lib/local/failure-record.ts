import type { Context } from 'aws-lambda'
import { messageOf } from '../errors.ts'
import type { FailureRecord } from '../ports.ts'

/** As Lambda tells a failure destination of an invocation that threw. */
export const failureRecord = (
  event: unknown,
  { awsRequestId, invokedFunctionArn, functionVersion }: Context,
  { error, at }: { readonly error: unknown; readonly at: number },
): FailureRecord => ({
  version: '1.0',
  timestamp: new Date(at).toISOString(),
  requestContext: {
    requestId: awsRequestId,
    functionArn: `${invokedFunctionArn}:${functionVersion}`,
    condition: 'RetriesExhausted',
    approximateInvokeCount: 1,
  },
  requestPayload: event,
  responseContext: {
    statusCode: 200,
    executedVersion: functionVersion,
    functionError: 'Unhandled',
  },
  responsePayload: {
    errorType: error instanceof Error ? error.name : 'Error',
    errorMessage: messageOf(error),
  },
})
