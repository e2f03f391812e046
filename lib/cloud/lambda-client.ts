import { LambdaClient } from '@aws-sdk/client-lambda'

/** Region, credentials and, for an emulator, endpoint are what the SDK's own variables say. */
export const lambdaClient = (): LambdaClient =>
  new LambdaClient({
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  })
