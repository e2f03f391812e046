import { ConfigError } from '../errors.ts'

// A DynamoDB item holds 400 KB with all its attributes.
export const MAX_TEXT_BYTES = 300 * 1024

/** @throws ConfigError, which says whose text it is, when it is too long to be stored. */
export function storable(what: string, text: string): string {
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_TEXT_BYTES) return text
  throw new ConfigError(
    `${what} takes ${bytes} bytes as JSON, and at most ${MAX_TEXT_BYTES} can be stored`,
  )
}
