/** A path's segments, decoded. A slash at its end says nothing; undefined when it cannot be told what is meant. */
export function segmentsOf(path: string): string[] | { readonly ambiguous: string } {
  const ambiguous = AMBIGUOUS.find(({ pattern }) => pattern.test(path))
  if (ambiguous) return { ambiguous: ambiguous.text }
  return path.replace(/^\//, '').replace(/\/$/, '').split('/').map(decoded)
}

// Kafka Connect's HTTP server refuses these before it looks for a resource.
const AMBIGUOUS = [
  { pattern: /%2f/i, text: 'Ambiguous URI path separator' },
  { pattern: /%25/, text: 'Ambiguous URI path encoding' },
  { pattern: /\/\//, text: 'Ambiguous URI empty segment' },
]

/** Behind API Gateway a path may come decoded, so that a `%` in it can stand for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The values of the names in a route's path, undefined when the segments are not of this route. */
export function matchPath(
  path: string,
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const parts = path.slice(1).split('/')
  const matches =
    parts.length === segments.length &&
    parts.every((part, at) => matchesSegment(part, segments[at] ?? ''))
  if (!matches) return undefined
  return Object.fromEntries(
    parts.flatMap((part, at) => (isName(part) ? [[part.slice(1, -1), segments[at] ?? '']] : [])),
  )
}

const matchesSegment = (part: string, segment: string): boolean =>
  isName(part) ? segment !== '' : part === segment

const isName = (part: string): boolean => part.startsWith('{')

export const isInt32 = (text: string): boolean =>
  /^[+-]?\d+$/.test(text) && Number(text) === (Number(text) | 0)
