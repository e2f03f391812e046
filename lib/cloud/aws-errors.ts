import {
  ConflictError,
  ConnectError,
  isRetriable,
  messageOf,
  NotFoundError,
  RetriableError,
} from '../errors.ts'

/** Makes one call of an AWS service. Its errors become ours, with the action in front. */
export async function calling<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw ourError(action, error)
  }
}

/** The same for a call whose error of this kind says that things are as wanted already. */
export async function already(
  kind: typeof ConnectError,
  action: string,
  call: () => Promise<unknown>,
): Promise<void> {
  try {
    await calling(action, call)
  } catch (error) {
    if (!(error instanceof kind)) throw error
  }
}

export function ourError(action: string, error: unknown): ConnectError {
  if (error instanceof ConnectError) return error
  const name = nameOf(error)
  const kind = ERRORS[name] ?? (mayHeal(error) ? RetriableError : ConnectError)
  const quota = QUOTA.test(name) ? 'a quota of the AWS account is used up: ' : ''
  return new kind(`${action}: ${name}: ${quota}${messageOf(error)}`, { cause: error })
}

// ServiceQuotaExceededException, LimitExceededException, ResourceLimitExceeded, CodeStorageExceededException …
const QUOTA = /(Quota|Limit|Storage)Exceeded/

/** Too many calls for now. */
export const isThrottled = (error: unknown): boolean =>
  error instanceof Error &&
  (/Throttl|TooManyRequests|RequestLimitExceeded/.test(error.name) ||
    (error as Details).$metadata?.httpStatusCode === 429)

const ERRORS: Readonly<Record<string, typeof ConnectError>> = {
  ResourceNotFoundException: NotFoundError,
  ConflictException: ConflictError,
  ResourceConflictException: ConflictError,
  // Its revision is another by now.
  PreconditionFailedException: ConflictError,
  // A mapping or function that is just being changed.
  ResourceInUseException: RetriableError,
  ThrottlingException: RetriableError,
  RequestLimitExceeded: RetriableError,
  // CloudWatch's
  Throttling: RetriableError,
  TooManyRequestsException: RetriableError,
  EC2ThrottledException: RetriableError,
  TimeoutError: RetriableError,
  AbortError: RetriableError,
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error')

/** What the SDK's errors carry beside name and message. */
type Details = {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $retryable?: unknown
  readonly code?: unknown
}

// A socket's error code: ECONNREFUSED, ECONNRESET, ENOTFOUND, EAI_AGAIN, ETIMEDOUT, EPIPE …
const SOCKET_ERROR = /^E[A-Z_]+$/

function mayHeal(error: unknown): boolean {
  if (isRetriable(error)) return true
  if (typeof error !== 'object' || error === null) return false
  const { $metadata, $retryable, code } = error as Details // an SDK error; each member may be missing
  const status = $metadata?.httpStatusCode ?? 0
  return (
    $retryable !== undefined || status === 429 || status >= 500 || SOCKET_ERROR.test(String(code))
  )
}
