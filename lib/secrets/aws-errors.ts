import { ConfigError, ConnectError, messageOf, RetriableError } from '../errors.ts'

/** What the SDK's errors carry beside name and message. */
type Details = {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $retryable?: unknown
  readonly code?: unknown
}

/** Makes one call. What may heal is a RetriableError; anything else says that the reference is wrong, or the rights are. */
export async function reading<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    if (cause instanceof ConnectError) throw cause
    const name = cause instanceof Error ? cause.name : 'Error'
    const told = `Reading ${what}: ${name}: ${messageOf(cause)}`
    throw mayHeal(cause, name)
      ? new RetriableError(told, { cause })
      : new ConfigError(told, { cause })
  }
}

const TURNED_AWAY: readonly string[] = [
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'TimeoutError',
  'AbortError',
]

// A socket's error code: ECONNREFUSED, ECONNRESET, ENOTFOUND, EAI_AGAIN, ETIMEDOUT, EPIPE …
const SOCKET_ERROR = /^E[A-Z_]+$/

function mayHeal(error: unknown, name: string): boolean {
  if (TURNED_AWAY.includes(name)) return true
  if (typeof error !== 'object' || error === null) return false
  const { $metadata, $retryable, code } = error as Details // an SDK error; each member may be missing
  const status = $metadata?.httpStatusCode ?? 0
  return (
    $retryable !== undefined || status === 429 || status >= 500 || SOCKET_ERROR.test(String(code))
  )
}
