/** The lines of a stream of bytes, each with the place where the next one begins. */
import { ConnectError } from '../../errors.ts'

export type Line = { readonly text: string; readonly nextAt: number }

export type Lines = {
  /** At most `max`; fewer when there are no more now. What has no line end yet is held back. @throws ConnectError when a line is too long. */
  next(max: number): Promise<readonly Line[]>
  /** What was read and not given out. */
  rest(): Buffer
}

/** Gives the bytes that follow, about as many as asked for, or none when there are none now. */
export type Read = (bytes: number) => Promise<Buffer>

const CHUNK_BYTES = 64 * 1024
/** Lines that are given out at once are in memory at once. */
const PAGE_BYTES = 1024 * 1024
const MAX_LINE_BYTES = 32 * 1024 * 1024

const [LF, CR] = [0x0a, 0x0d]

/** Lines end as Java's do: with LF, CR LF, or a CR that something else follows. `position`: of the first byte. */
export function linesOf(read: Read, position: number): Lines {
  let bytes = Buffer.alloc(0)
  /** where in them the next line begins, and how far its end was looked for */
  let [begin, seen] = [0, 0]

  function cut(): Line | undefined {
    for (; seen < bytes.length; seen++) {
      const byte = bytes[seen]
      if (byte !== LF && byte !== CR) continue
      const isLast = seen + 1 === bytes.length
      // Whether a LF belongs to it is not known yet.
      if (byte === CR && isLast) return undefined
      const text = bytes.toString('utf8', begin, seen)
      begin = byte === CR && bytes[seen + 1] === LF ? seen + 2 : seen + 1
      seen = begin
      return { text, nextAt: position + begin }
    }
    return undefined
  }

  async function fill(): Promise<boolean> {
    const rest = bytes.subarray(begin)
    if (rest.length > MAX_LINE_BYTES)
      throw new ConnectError(
        `The line at byte ${position + begin} is longer than ${MAX_LINE_BYTES} bytes`,
      )
    // Twice as much each time, so that a long line is not copied again and again.
    const more = await read(Math.max(CHUNK_BYTES, rest.length))
    if (more.length === 0) return false
    position += begin
    seen -= begin
    begin = 0
    bytes = Buffer.concat([rest, more])
    return true
  }

  return {
    async next(max) {
      const lines: Line[] = []
      const from = position + begin
      while (lines.length < max && position + begin - from < PAGE_BYTES) {
        const line = cut()
        if (line) lines.push(line)
        else if (!(await fill())) break
      }
      return lines
    },

    rest: () => bytes.subarray(begin),
  }
}
