import { type FileHandle, open } from 'node:fs/promises'
import { ConnectError } from '../../errors.ts'
import { type Line, linesOf } from './lines.ts'

/** Where lines come from; none when there are no more now. */
export type LineSource = {
  next(max: number): Promise<readonly Line[]>
  /** Never throws. */
  close(): Promise<void>
}

/**
 * Lines of a file from `position` (bytes) on, and those that are appended. It is waited for as long as it is not there.
 * A file that has become shorter than what was read of it has been written anew: it is read from its beginning.
 */
export function followedFile(
  file: string,
  position: number,
  warn: (message: string) => void,
): LineSource {
  let handle: FileHandle | undefined
  let opening: Promise<FileHandle | undefined> | undefined
  let isMissed = false
  let from = position
  let lines = linesOf(read, from)

  async function read(bytes: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(bytes)
    const { bytesRead } = (await handle?.read(buffer, 0, bytes, from)) ?? { bytesRead: 0 }
    from += bytesRead
    return buffer.subarray(0, bytesRead)
  }

  async function isOpen(): Promise<boolean> {
    if (!handle) opening = openIfThere(file)
    handle = await opening
    if (!handle && !isMissed) warn(`Couldn't find file ${file}, waiting for it to be created`)
    isMissed = !handle
    return !isMissed
  }

  async function isShorter(): Promise<boolean> {
    const size = (await handle?.stat())?.size ?? 0
    if (size >= from) return false
    warn(`${file} has ${size} bytes, of ${from} that were read: reading it from its beginning`)
    from = 0
    lines = linesOf(read, from)
    return true
  }

  return {
    async next(max) {
      if (!(await isOpen())) return []
      const found = await lines.next(max)
      return found.length === 0 && (await isShorter()) ? lines.next(max) : found
    },

    async close() {
      const opened = await opening?.catch(() => undefined)
      await opened?.close().catch(() => undefined)
    },
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined // what node:fs throws
    throw new ConnectError(`Couldn't open file ${file}`, { cause })
  }
}
