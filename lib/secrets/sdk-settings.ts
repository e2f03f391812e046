/** Tasks that start together ask once; a value that was changed is seen by a task that starts a minute later. */
export const KEPT_MS = 60_000

/** A task that starts waits for no place for long: what is not there in time is tried again with the task. */
export const SDK_SETTINGS = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
} as const
