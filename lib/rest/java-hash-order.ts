import type { RawConfig } from '../config/config-def.ts'

/** A java.util.HashMap made as a copy, as it prints itself: in the order in which it holds its keys. */
export function javaMapText(config: RawConfig): string {
  const keys = Object.keys(config)
  // HashMap(Map) makes room for as many entries at a load of 0.75.
  const buckets = 2 ** Math.ceil(Math.log2(Math.floor(keys.length / 0.75 + 1)))
  const texts = byBucket(keys, buckets).map((key) => `${key}=${config[key]}`)
  return `{${texts.join(', ')}}`
}

/** The order of keys that were put into an empty java.util.HashMap one by one. */
export function javaHashOrder(keys: readonly string[]): string[] {
  let buckets = 16
  while (keys.length > buckets * 0.75) buckets *= 2
  return byBucket(keys, buckets)
}

/** Keys of one bucket stay in the order in which they came. */
const byBucket = (keys: readonly string[], buckets: number): string[] =>
  keys
    .map((key) => ({ key, bucket: spreadHash(key) & (buckets - 1) }))
    .sort((one, other) => one.bucket - other.bucket)
    .map(({ key }) => key)

function spreadHash(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) hash = (Math.imul(31, hash) + key.charCodeAt(at)) | 0
  return hash ^ (hash >>> 16)
}
