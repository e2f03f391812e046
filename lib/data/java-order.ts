/** The same entries in the order in which a java.util.HashMap goes through them that was filled one by one. `atFirst`: the buckets it began with. */
export function inJavaOrder<V>(map: ReadonlyMap<string, V>, atFirst = 16): Map<string, V> {
  let buckets = atFirst
  while (map.size > buckets * 0.75) buckets *= 2
  // Keys of one bucket stay in the order in which they came.
  const placed = Array.from(map, (entry) => ({ entry, bucket: spreadHash(entry[0]) % buckets }))
  return new Map(placed.sort((one, other) => one.bucket - other.bucket).map(({ entry }) => entry))
}

/** The same for keys alone; what comes twice counts once. */
export const javaHashOrder = (keys: readonly string[], atFirst = 16): string[] => [
  ...inJavaOrder(new Map(keys.map((key) => [key, key])), atFirst).keys(),
]

function spreadHash(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) hash = (Math.imul(31, hash) + key.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 16)) >>> 0
}
