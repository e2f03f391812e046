import { LambdaClient } from '@aws-sdk/client-lambda'
import { ASK_MS } from '../ports.ts'

/** Region, credentials and, for an emulator, endpoint are what the SDK's own variables say. */
export const lambdaClient = (): LambdaClient =>
  new LambdaClient({ maxAttempts: 4, requestHandler: within(10_000) })

/** For mappings and aliases; whoever calls repeats what is worth it. */
export const controlClient = (): LambdaClient =>
  new LambdaClient({ maxAttempts: 1, requestHandler: within(10_000) })

/** For questions: an answer takes its time, and there is none for a second attempt. */
export const askingClient = (): LambdaClient =>
  new LambdaClient({ maxAttempts: 1, requestHandler: within(ASK_MS) })

const within = (requestTimeout: number) => ({
  connectionTimeout: 2_000,
  requestTimeout,
  throwOnRequestTimeout: true,
})
