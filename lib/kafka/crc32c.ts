/** CRC-32C (Castagnoli), which Kafka's record batches carry; eight bytes at a step. */
export function crc32c(bytes: Uint8Array): number {
  const { length } = bytes
  let crc = -1
  let at = 0
  for (const end = length - 7; at < end; at += 8) {
    const low = crc ^ word(bytes, at)
    const high = word(bytes, at + 4)
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24)
  }
  for (; at < length; at++) crc = entry(0, crc ^ byte(bytes, at)) ^ (crc >>> 8)
  return ~crc >>> 0
}

/** Eight tables of 256 in a row: table n holds a byte's effect when n more bytes follow it. */
const TABLES = makeTables()

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256)
  for (let at = 0; at < 256; at++) {
    let crc = at
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    tables[at] = crc
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256] as number
    tables[at] = (before >>> 8) ^ (tables[before & 255] as number)
  }
  return tables
}

// Within bounds at every call; `as number` because the compiler does not know.
const entry = (table: number, of: number): number => TABLES[(table << 8) | (of & 255)] as number
const byte = (bytes: Uint8Array, at: number): number => bytes[at] as number
const word = (bytes: Uint8Array, at: number): number =>
  byte(bytes, at) |
  (byte(bytes, at + 1) << 8) |
  (byte(bytes, at + 2) << 16) |
  (byte(bytes, at + 3) << 24)
