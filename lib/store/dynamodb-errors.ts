import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { ConnectError, messageOf, RetriableError } from '../errors.ts'
import { backOff } from './back-off.ts'

const MAX_TRIES = 8

/** Calls again what met another's transaction or was throttled; any error that stays becomes ours, with the action in front. */
export async function calling<T>(action: string, call: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await call()
    } catch (error) {
      if (!wasTurnedAway(error) || failures === MAX_TRIES) throw ourError(action, error)
      await backOff(failures)
    }
  }
}

/** Undefined when a condition of it did not hold. */
export async function unlessLost<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (codesOf(error).some((code) => CONDITION.has(code))) return undefined
    throw error
  }
}

export function ourError(action: string, error: unknown): ConnectError {
  if (error instanceof ConnectError) return error
  const told = `${action}: ${codesOf(error).join(', ')}: ${messageOf(error)}`
  if (wasTurnedAway(error)) return new RetriableError(told, { cause: error })
  if (!isUnanswered(error)) return new ConnectError(told, { cause: error })
  return new RetriableError(`${told} (it is not known whether it took place)`, { cause: error })
}

const CONDITION = new Set(['ConditionalCheckFailed', 'ConditionalCheckFailedException'])

// Reasons of a cancelled transaction, and errors of a call of its own.
const TURNED_AWAY = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
])

/** Nothing was changed, and nothing stands against it but the moment. */
const wasTurnedAway = (error: unknown): boolean =>
  codesOf(error).every((code) => TURNED_AWAY.has(code))

/** What a transaction was cancelled for; of another error its name. */
function codesOf(error: unknown): string[] {
  const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons : []
  const codes = (reasons ?? []).flatMap(({ Code }) => (Code && Code !== 'None' ? [Code] : []))
  return codes.length > 0 ? codes : [error instanceof Error ? error.name : 'Error']
}

/** What the SDK's errors carry beside name and message. */
type Details = {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $retryable?: unknown
  readonly code?: unknown
}

// A socket's error code: ECONNREFUSED, ECONNRESET, ENOTFOUND, EAI_AGAIN, EPIPE …
const SOCKET_ERROR = /^E[A-Z_]+$/

function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return true
  const { $metadata, $retryable, code } = error as Details // each member may be missing
  const status = $metadata?.httpStatusCode ?? 0
  return $retryable !== undefined || status >= 500 || SOCKET_ERROR.test(String(code))
}
