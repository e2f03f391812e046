import type { Mapping, Mappings } from '../ports.ts'
import type { KafkaPoller, Polling } from './kafka-poller.ts'

export type LocalMappings = Mappings & {
  /** Those that have mappings in this process. */
  connectors(): readonly string[]
  /** Resolves when all that was running has ended; nothing is begun any more. */
  close(): Promise<void>
}

type Made = { readonly mapping: Mapping; readonly polling?: Polling }

/** The mappings of this process. They are in memory: the coordinator makes them again after a start. */
export function localMappings(
  poller: KafkaPoller,
  ended: (connector: string) => void = () => undefined,
): LocalMappings {
  const all = new Map<string, Made>()
  /** by key, those that are on their way to their end */
  const stopping = new Map<string, Promise<void>>()
  let isClosed = false

  function stop(key: string): void {
    const { polling, mapping } = all.get(key) ?? {}
    if (!polling || !mapping) return
    const before = stopping.get(key)
    const stopped = Promise.all([before, polling.stop()]).then(() => {
      if (stopping.get(key) === stopped) stopping.delete(key)
      if (!all.get(key)?.polling) ended(mapping.connector)
    })
    stopping.set(key, stopped)
  }

  return {
    async ensure(mapping) {
      if (isClosed) return
      const key = keyOf(mapping)
      const made = all.get(key)
      if (made && isSame(made.mapping, mapping)) return
      stop(key)
      all.set(key, { mapping, ...(mapping.enabled && { polling: poller(mapping) }) })
    },
    async remove(connector, topic) {
      const key = keyOf({ connector, topic })
      stop(key)
      all.delete(key)
    },
    async list(connector) {
      return [...all]
        .filter(([, { mapping }]) => mapping.connector === connector)
        .map(([key, { mapping, polling }]) => {
          const isEnding = !polling && stopping.has(key)
          const waiting = isEnding ? 'Disabling' : polling?.waiting()
          return { ...mapping, ...(waiting !== undefined && { waiting }) }
        })
    },
    connectors: () => [...all.values()].map(({ mapping }) => mapping.connector),
    async close() {
      isClosed = true
      for (const key of all.keys()) stop(key)
      all.clear()
      await Promise.all(stopping.values())
    },
  }
}

const keyOf = ({ connector, topic }: Pick<Mapping, 'connector' | 'topic'>): string =>
  `${topic} ${connector}`

const isSame = (one: Mapping, other: Mapping): boolean =>
  one.group === other.group && one.enabled === other.enabled
