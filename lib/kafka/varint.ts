/** Kafka's zigzag variable-length integers, as its records use them. */

/** Bytes of a whole number up to 2^53 either way. */
export function sizeOfVarint(value: number): number {
  let rest = zigzag(value)
  let size = 1
  for (; rest >= 128; size++) rest = Math.floor(rest / 128)
  return size
}

/** Writes it and gives back where the next byte goes. */
export function writeVarint(value: number, into: Uint8Array, position: number): number {
  let at = position
  let rest = zigzag(value)
  for (; rest >= SMALL; rest = Math.floor(rest / 128)) into[at++] = (rest % 128) | 128
  // What fits 31 bits goes the faster way.
  let small = rest | 0
  for (; small >= 128; small >>>= 7) into[at++] = (small & 127) | 128
  into[at++] = small
  return at
}

const SMALL = 2 ** 31

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)

/** Where reading goes on. */
export type Cursor = { readonly bytes: Uint8Array; at: number }

export function readVarint(cursor: Cursor): number {
  let byte = next(cursor)
  let value = byte & 127
  for (let weight = 128; byte >= 128; weight *= 128) {
    byte = next(cursor)
    value += (byte & 127) * weight
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/** @throws RangeError past the end. */
function next(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at++]
  if (byte === undefined) throw new RangeError('The bytes end within a number')
  return byte
}
