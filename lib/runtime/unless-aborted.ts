/** What the promise gives, or undefined as soon as the signal is aborted. Leaves nothing behind at the signal, as Promise.race would. */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  if (signal.aborted) {
    promise.catch(() => undefined)
    return undefined
  }
  const { promise: first, resolve, reject } = Promise.withResolvers<T | undefined>()
  const abort = () => resolve(undefined)
  signal.addEventListener('abort', abort)
  promise.then(resolve, reject)
  try {
    return await first
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
