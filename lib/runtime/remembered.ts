import type { Clock } from '../ports.ts'

/** Answers by key, each read anew when it is older than `ms`. A failed read is not kept. */
export function remembered<K extends object, V>(
  ms: number,
  clock: Clock,
  read: (key: K) => Promise<V>,
): { read(key: K): Promise<V>; forget(key: K): void } {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<V> }>()
  return {
    read(key) {
      const text = JSON.stringify(key)
      const last = kept.get(text)
      if (last && clock.monotonic() - last.at < ms) return last.answer
      const answer = read(key)
      kept.set(text, { at: clock.monotonic(), answer })
      answer.catch(() => kept.delete(text))
      return answer
    },
    forget: (key) => void kept.delete(JSON.stringify(key)),
  }
}
