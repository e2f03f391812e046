/** Shares items out into at most `limit` groups of neighbours, the first ones one longer: ConnectorUtils.groupPartitions. */
export function groups<T>(items: readonly T[], limit: number): T[][] {
  const count = Math.min(items.length, limit)
  const [size, longer] = [Math.floor(items.length / count), items.length % count]
  return Array.from({ length: count }, (_, at) => {
    const start = at * size + Math.min(at, longer)
    return items.slice(start, start + size + (at < longer ? 1 : 0))
  })
}
