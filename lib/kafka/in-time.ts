import { RetriableError } from '../errors.ts'

/** @throws RetriableError when there is no answer within `timeoutMs`; the call itself goes on. */
export async function inTime<T>(call: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new RetriableError(`Kafka did not answer within ${Math.round(timeoutMs)} ms`)
    timer = setTimeout(reject, timeoutMs, error)
  })
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}
