import type { Clock } from '../ports.ts'
import type { Chunk } from './feeds.ts'

/** A chunk goes on when it has so many records or bytes, or its first record has waited for so long. */
export type Gathering = {
  readonly windowMs: number
  readonly records: number
  readonly bytes: number
}

/** Puts the chunks of a partition together that come within the window. */
export function gathered(
  take: () => Promise<Chunk | undefined>,
  { windowMs, records, bytes }: Gathering,
  clock: Clock,
): () => Promise<Chunk | undefined> {
  /** asked for already, and not here when the window ended */
  let coming: Promise<Chunk | undefined> | undefined

  async function within(ms: number): Promise<Chunk | undefined> {
    coming ??= take()
    const ended = new AbortController()
    const over = clock.sleep(ms, ended.signal).then((): typeof LATE => LATE)
    const first = await Promise.race([coming, over])
    ended.abort()
    if (first === LATE) return undefined
    coming = undefined
    return first
  }

  return async () => {
    const first = await (coming ?? take())
    coming = undefined
    if (!first) return undefined
    const chunks = [first]
    const endsAt = clock.monotonic() + windowMs
    const isFull = () => sum(chunks, 'recordCount') >= records || sum(chunks, 'byteLength') >= bytes
    for (let leftMs = windowMs; leftMs > 0 && !isFull(); leftMs = endsAt - clock.monotonic()) {
      const next = await within(leftMs)
      if (!next) break
      chunks.push(next)
    }
    return together(chunks)
  }
}

const LATE: unique symbol = Symbol('late')

function together(chunks: readonly Chunk[]): Chunk | undefined {
  const last = chunks.at(-1)
  return (
    last && {
      ...last,
      records: allOf(chunks),
      recordCount: sum(chunks, 'recordCount'),
      byteLength: sum(chunks, 'byteLength'),
    }
  )
}

function* allOf(chunks: readonly Chunk[]): Chunk['records'] {
  for (const { records } of chunks) yield* records
}

const sum = (chunks: readonly Chunk[], what: 'recordCount' | 'byteLength'): number =>
  chunks.reduce((total, chunk) => total + chunk[what], 0)
