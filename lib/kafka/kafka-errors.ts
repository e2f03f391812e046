import type { KafkaJSProtocolError } from 'kafkajs'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { ConnectError, messageOf, RetriableError } from '../errors.ts'

/** A broker's error code as an error that has its name as `type`. */
export function brokerError(code: number): KafkaJSProtocolError {
  const error = createErrorFromCode(code)
  // kafkajs 2.2.4 knows the codes up to 88.
  return error.code === code
    ? error
    : Object.assign(error, { code, message: `The broker answered with error code ${code}` })
}

/** Error codes by which a broker refuses for good. */
const REFUSALS: readonly number[] = [
  10, // MESSAGE_TOO_LARGE
  17, // INVALID_TOPIC_EXCEPTION
  18, // RECORD_LIST_TOO_LARGE
  21, // INVALID_REQUIRED_ACKS
  24, // INVALID_GROUP_ID
  26, // INVALID_SESSION_TIMEOUT
  29, // TOPIC_AUTHORIZATION_FAILED
  30, // GROUP_AUTHORIZATION_FAILED
  31, // CLUSTER_AUTHORIZATION_FAILED
  32, // INVALID_TIMESTAMP
  33, // UNSUPPORTED_SASL_MECHANISM
  35, // UNSUPPORTED_VERSION
  42, // INVALID_REQUEST
  43, // UNSUPPORTED_FOR_MESSAGE_FORMAT
  44, // POLICY_VIOLATION
  58, // SASL_AUTHENTICATION_FAILED
  76, // UNSUPPORTED_COMPRESSION_TYPE
  87, // INVALID_RECORD
]

export const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined

/** Whether asking again cannot help. */
export const isRefusal = (error: unknown): boolean =>
  REFUSALS.includes(codeOf(error) ?? 0) ||
  (error instanceof Error && error.name === 'KafkaJSSASLAuthenticationError')

/** As one of ours: retriable unless the broker refused. */
export function kafkaError(action: string, cause: unknown): ConnectError {
  if (cause instanceof ConnectError) return cause
  const Kind = isRefusal(cause) ? ConnectError : RetriableError
  return new Kind(`${action}: ${messageOf(cause)}`, { cause })
}
