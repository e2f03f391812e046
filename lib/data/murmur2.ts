/** Kafka's 32-bit murmur2 (org.apache.kafka.common.utils.Utils), signed as in Java. */
export function murmur2(key: Uint8Array): number {
  const { length } = key
  const whole = length & ~3
  let hash = SEED ^ length
  for (let at = 0; at < whole; at += 4) {
    const word =
      byteAt(key, at) |
      (byteAt(key, at + 1) << 8) |
      (byteAt(key, at + 2) << 16) |
      (byteAt(key, at + 3) << 24)
    const mixed = Math.imul(word, MULTIPLIER)
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(mixed ^ (mixed >>> 24), MULTIPLIER)
  }
  if (whole < length) hash = Math.imul(hash ^ rest(key, whole), MULTIPLIER)
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return hash ^ (hash >>> 15)
}

/** The partition that Kafka's own producer picks for these key bytes. */
export const partitionOf = (key: Uint8Array, partitions: number): number =>
  (murmur2(key) & 0x7fffffff) % partitions

const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

// Within bounds at every call; `as number` because the compiler does not know.
const byteAt = (key: Uint8Array, at: number): number => key[at] as number

function rest(key: Uint8Array, from: number): number {
  let word = 0
  for (let at = key.length - 1; at >= from; at--) word = (word << 8) | byteAt(key, at)
  return word
}
