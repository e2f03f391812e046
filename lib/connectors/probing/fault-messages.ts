import { ConnectError, messageOf } from '../../errors.ts'

/** How long a probe waits for a connection, and for what it asks then. */
export const PROBE_MS = 5_000

/** What a fault says, at the keys that it lies in. */
export function messagesAt(
  error: unknown,
  otherwise: string,
): Readonly<Record<string, readonly string[]>> {
  const known = error instanceof ConnectError ? error.keys : []
  const keys = known.length > 0 ? known : [otherwise]
  return Object.fromEntries(keys.map((key) => [key, [messageOf(error)]]))
}
