import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'

/** Region, credentials and, for an emulator, endpoint are what the SDK's own variables say. */
export const cloudwatchClient = (): CloudWatchClient =>
  new CloudWatchClient({
    // The next tick tries again.
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
    },
  })
