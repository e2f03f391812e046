/** How long one has before the next is tried beside it. */
const HEAD_START_MS = 1_000

/** The first that succeeds, in this order: the next is begun when one has failed or takes its time. @throws what the last to fail has thrown */
export function firstOf<T>(attempts: readonly (() => Promise<T>)[]): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  let [begun, failed] = [0, 0]
  let timer: NodeJS.Timeout | undefined
  const next = (): void => {
    clearTimeout(timer)
    const attempt = attempts[begun]
    if (!attempt) return
    begun++
    timer = setTimeout(next, HEAD_START_MS)
    attempt().then(
      (result) => {
        begun = attempts.length
        clearTimeout(timer)
        resolve(result)
      },
      (error: unknown) => {
        failed++
        if (failed === attempts.length) reject(error)
        else if (failed === begun) next()
      },
    )
  }
  next()
  return promise
}
