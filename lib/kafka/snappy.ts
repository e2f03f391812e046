import { copyBack, copyOn } from './copy-back.ts'

/** What snappy-java puts before its blocks: a magic and two versions. Other clients write one block, bare. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const XERIAL_HEAD_BYTES = 16

export function snappyDecompressed(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return block(bytes)
  const blocks: Buffer[] = []
  for (let at = XERIAL_HEAD_BYTES; at < bytes.length; ) {
    const end = at + 4 + bytes.readInt32BE(at)
    blocks.push(block(bytes.subarray(at + 4, end)))
    at = end
  }
  return Buffer.concat(blocks)
}

/** Snappy's block format: the size of the content, then literals and copies, told apart by the lowest two bits of a tag. */
function block(bytes: Buffer): Buffer {
  let at = 0
  let size = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes.readUInt8(at++)
    size += (byte & 127) * 2 ** shift
    if (byte < 128) break
  }
  const content = Buffer.allocUnsafe(size)
  let end = 0
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at++)
    const upper = tag >> 2
    switch (tag & 3) {
      case 0: {
        const extra = upper < 60 ? 0 : upper - 59
        const length = 1 + (extra === 0 ? upper : bytes.readUIntLE(at, extra))
        at += extra
        end = copyOn(content, end, bytes, at, length)
        at += length
        break
      }
      case 1:
        end = copyBack(content, end, ((tag >> 5) << 8) | bytes.readUInt8(at++), 4 + (upper & 7))
        break
      case 2:
        end = copyBack(content, end, bytes.readUInt16LE(at), 1 + upper)
        at += 2
        break
      default:
        end = copyBack(content, end, bytes.readUInt32LE(at), 1 + upper)
        at += 4
    }
  }
  if (end !== size) throw new RangeError('The compressed bytes are damaged')
  return content
}
