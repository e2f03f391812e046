import { SchedulerClient } from '@aws-sdk/client-scheduler'

/** Region, credentials and, for an emulator, endpoint are what the SDK's own variables say. Whoever calls repeats what is worth it. */
export const schedulerClient = (): SchedulerClient =>
  new SchedulerClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  })
