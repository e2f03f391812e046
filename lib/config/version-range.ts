/** Maven's version ranges, as the `*.plugin.version` keys take them: `1.2`, `[1.2,2.0)`, `(,1.0],[1.2,)`, `latest`. */
import { ConfigError } from '../errors.ts'
import { javaTrim } from './config-def.ts'

export type VersionRange = {
  readonly includes: (version: string) => boolean
  /** as Kafka Connect prints it: `[1.2,1.2]` */
  readonly text: string
}

/** Undefined where any version will do: none was asked for, or the latest. @throws ConfigError in Maven's words. */
export function versionRange(given: string | null | undefined): VersionRange | undefined {
  if (given === null || given === undefined || given === 'latest') return undefined
  const spec = javaTrim(given)
  const restrictions = restrictionsIn(spec)
  // A bare version is a hard requirement here: PluginUtils.connectorVersionRequirement.
  const all = restrictions.length > 0 ? restrictions : [restriction(`[${spec}]`)]
  return {
    includes: (version) => all.some((one) => isWithin(version, one)),
    text: all.map(textOf).join(','),
  }
}

type Restriction = {
  readonly from: string | undefined
  readonly includesFrom: boolean
  readonly upTo: string | undefined
  readonly includesUpTo: boolean
}

function restrictionsIn(spec: string): Restriction[] {
  const found: Restriction[] = []
  let rest = spec
  while (/^[[(]/.test(rest)) {
    const end = rest.search(/[\])]/)
    if (end < 0) throw new ConfigError(`Unbounded range: ${spec}`)
    const next = restriction(rest.slice(0, end + 1))
    const upTo = found.at(-1)?.upTo
    if (upTo !== undefined && (next.from === undefined || compareVersions(next.from, upTo) < 0))
      throw new ConfigError(`Ranges overlap: ${spec}`)
    found.push(next)
    rest = javaTrim(javaTrim(rest.slice(end + 1)).replace(/^,/, ''))
  }
  if (rest !== '' && found.length > 0)
    throw new ConfigError(`Only fully-qualified sets allowed in multiple set scenario: ${spec}`)
  return found
}

function restriction(text: string): Restriction {
  const inner = javaTrim(text.slice(1, -1))
  const [includesFrom, includesUpTo] = [text.startsWith('['), text.endsWith(']')]
  const comma = inner.indexOf(',')
  if (comma < 0 && !(includesFrom && includesUpTo))
    throw new ConfigError(`Single version must be surrounded by []: ${text}`)
  const from = comma < 0 ? inner : bound(inner.slice(0, comma))
  const upTo = comma < 0 ? inner : bound(inner.slice(comma + 1))
  const order = from === undefined || upTo === undefined ? 1 : compareVersions(upTo, from)
  if (order < 0 || (order === 0 && !(includesFrom && includesUpTo)))
    throw new ConfigError(`Range defies version ordering: ${text}`)
  return { from, includesFrom, upTo, includesUpTo }
}

const bound = (text: string): string | undefined => javaTrim(text) || undefined

const textOf = ({ from, includesFrom, upTo, includesUpTo }: Restriction): string =>
  `${includesFrom ? '[' : '('}${from ?? ''},${upTo ?? ''}${includesUpTo ? ']' : ')'}`

function isWithin(version: string, range: Restriction): boolean {
  const above = range.from === undefined ? 1 : compareVersions(version, range.from)
  const below = range.upTo === undefined ? -1 : compareVersions(version, range.upTo)
  return (
    (range.includesFrom ? above >= 0 : above > 0) && (range.includesUpTo ? below <= 0 : below < 0)
  )
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
