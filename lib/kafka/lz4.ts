import { copyBack, copyOn } from './copy-back.ts'

const MAGIC = 0x184d2204
/** Largest block, by its number in the frame's head. */
const BLOCK_BYTES: Readonly<Record<number, number>> = {
  4: 65_536,
  5: 262_144,
  6: 1_048_576,
  7: 4_194_304,
}
const UNCOMPRESSED = 0x80000000
/** A block may repeat what stands so far before it. */
const WINDOW_BYTES = 65_536

/** LZ4's frame format, as Kafka's clients write it. Checksums are not looked at: Kafka's own covers them. */
export function lz4Decompressed(bytes: Buffer): Buffer {
  if (bytes.readUInt32LE(0) !== MAGIC) throw new RangeError('The compressed bytes are no LZ4 frame')
  const flags = bytes.readUInt8(4)
  const blockBytes = BLOCK_BYTES[(bytes.readUInt8(5) >> 4) & 7] ?? 0
  const hasSize = (flags & 0b1000) !== 0
  const hasBlockChecksum = (flags & 0b10000) !== 0
  let at = 7 + (hasSize ? 8 : 0)
  let content: Buffer = Buffer.alloc(0)
  const blocks: Buffer[] = []
  for (;;) {
    const head = bytes.readUInt32LE(at)
    at += 4
    if (head === 0) return Buffer.concat(blocks)
    const size = head % UNCOMPRESSED
    const compressed = bytes.subarray(at, at + size)
    content = head >= UNCOMPRESSED ? compressed : block(compressed, content, blockBytes)
    blocks.push(content)
    at += size + (hasBlockChecksum ? 4 : 0)
  }
}

function block(bytes: Buffer, before: Buffer, maxBytes: number): Buffer {
  const window = before.subarray(Math.max(0, before.length - WINDOW_BYTES))
  const into = Buffer.allocUnsafe(window.length + maxBytes)
  let end = copyOn(into, 0, window, 0, window.length)
  let at = 0
  const lengthFrom = (first: number): number => {
    let length = first
    for (let byte = 255; first === 15 && byte === 255; length += byte) byte = bytes.readUInt8(at++)
    return length
  }
  while (at < bytes.length) {
    const token = bytes.readUInt8(at++)
    const literals = lengthFrom(token >> 4)
    end = copyOn(into, end, bytes, at, literals)
    at += literals
    // The last sequence has literals only.
    if (at === bytes.length) break
    const distance = bytes.readUInt16LE(at)
    at += 2
    end = copyBack(into, end, distance, 4 + lengthFrom(token & 15))
  }
  return into.subarray(window.length, end)
}
