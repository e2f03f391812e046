import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { LineSource } from './followed-file.ts'
import { linesOf } from './lines.ts'

/** More may be on its way, but whoever polls does not wait for it. */
const WAIT_MS = 20

/** Lines of a stream that cannot be read again: what a task before was given is gone, what it was not given comes next. */
export function standardInput(input: Readable): LineSource {
  const lines = linesOf(read, 0)

  async function read(): Promise<Buffer> {
    const waiting = input.readable && input.readableLength === 0
    const signal = AbortSignal.timeout(WAIT_MS)
    if (waiting) await once(input, 'readable', { signal }).catch(() => undefined)
    const chunk: Buffer | null = input.read()
    return chunk ?? Buffer.alloc(0)
  }

  return {
    next: lines.next,

    async close() {
      const rest = lines.rest()
      if (rest.length > 0 && !input.readableEnded) input.unshift(rest)
    },
  }
}
