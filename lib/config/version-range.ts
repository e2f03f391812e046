/** Maven's version ranges, as the `*.plugin.version` keys take them: `1.2`, `[1.2,2.0)`, `(,1.0],[1.2,)`, `latest`. */
export type VersionRange = {
  readonly includes: (version: string) => boolean
  /** as Kafka Connect prints it: `[1.2,1.2]` */
  readonly text: string
}

const RANGE = /([[(])([^,[\]()]*)(?:(,)([^,[\]()]*))?([\])])/g

export function versionRange(given: string): VersionRange {
  const spec = given.trim()
  if (spec === 'latest') return { includes: () => true, text: spec }
  const parts = [...spec.matchAll(RANGE)].map(restriction)
  // A bare version is a hard requirement here: PluginUtils.connectorVersionRequirement.
  return parts.length === 0 ? exactly(spec) : anyOf(parts)
}

const exactly = (version: string): VersionRange => ({
  includes: (other) => compareVersions(other, version) === 0,
  text: `[${version},${version}]`,
})

const anyOf = (parts: readonly VersionRange[]): VersionRange => ({
  includes: (version) => parts.some((part) => part.includes(version)),
  text: parts.map(({ text }) => text).join(','),
})

function restriction([, open, from = '', comma, upTo = '', close]: RegExpExecArray): VersionRange {
  const [lower, upper] = [from.trim(), comma ? upTo.trim() : from.trim()]
  return {
    includes(version) {
      const above = lower === '' ? 1 : compareVersions(version, lower)
      const below = upper === '' ? -1 : compareVersions(version, upper)
      return (open === '[' ? above >= 0 : above > 0) && (close === ']' ? below <= 0 : below < 0)
    },
    text: `${open}${lower},${upper}${close}`,
  }
}

/** Numbers by their worth, a missing one as 0; what is no number by its text. */
function compareVersions(one: string, other: string): number {
  const [left, right] = [one.split(/[.-]/), other.split(/[.-]/)]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [a, b] = [left[at] ?? '0', right[at] ?? '0']
    const isNumeric = /^\d+$/.test(a) && /^\d+$/.test(b)
    const difference = isNumeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0
    if (difference !== 0) return difference
  }
  return 0
}
