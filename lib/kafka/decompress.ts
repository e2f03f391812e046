import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { ConnectError } from '../errors.ts'
import { lz4Decompressed } from './lz4.ts'
import { snappyDecompressed } from './snappy.ts'

/** by the number that a batch gives */
const CODECS: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => bytes,
  gunzipSync,
  snappyDecompressed,
  lz4Decompressed,
  zstdDecompressSync,
]

export function decompressed(codec: number, bytes: Buffer): Buffer {
  const decompress = CODECS[codec]
  if (decompress) return decompress(bytes)
  throw new ConnectError(`there is no compression of number ${codec}`)
}
