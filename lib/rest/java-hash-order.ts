import type { RawConfig } from '../config/config-def.ts'
import { javaHashOrder } from '../data/java-order.ts'

/** A java.util.HashMap made as a copy, as it prints itself: in the order in which it holds its keys. */
export function javaMapText(config: RawConfig): string {
  const keys = Object.keys(config)
  // HashMap(Map) makes room for as many entries at a load of 0.75.
  const buckets = 2 ** Math.ceil(Math.log2(Math.floor(keys.length / 0.75 + 1)))
  const texts = javaHashOrder(keys, buckets).map((key) => `${key}=${config[key]}`)
  return `{${texts.join(', ')}}`
}
