/** Keeps the `size` entries that were used last. */
export function lru<K, V>(
  size: number,
): {
  readonly get: (key: K) => V | undefined
  readonly set: (key: K, value: V) => void
} {
  const entries = new Map<K, V>()
  const set = (key: K, value: V): void => {
    entries.delete(key)
    entries.set(key, value)
    if (entries.size > size) entries.delete(entries.keys().next().value as K)
  }
  const get = (key: K): V | undefined => {
    const value = entries.get(key)
    if (value !== undefined) set(key, value)
    return value
  }
  return { get, set }
}
