import type { RawConfig } from './config-def.ts'

/** Java's properties format: comments, `=`, `:` or blank between key and value, continued lines, escapes. Blanks at a value's end belong to it. */
export function parseProperties(text: string): RawConfig {
  const pairs = logicalLines(text).map((line) =>
    /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)$/s.exec(line),
  )
  return Object.fromEntries(
    pairs.map((pair) => [unescaped(pair?.[1] ?? ''), unescaped(pair?.[2] ?? '')]),
  )
}

/** A backslash at the end, not itself escaped, continues a line. A comment is not continued. */
function logicalLines(text: string): string[] {
  const lines: string[] = []
  let isContinued = false
  for (const line of text.split(/\r\n|\n|\r/)) {
    const begun = line.replace(/^[ \t\f]+/, '')
    if (!isContinued && /^([#!]|$)/.test(begun)) continue
    const before = isContinued ? (lines.pop() ?? '') : ''
    isContinued = /(^|[^\\])(\\\\)*\\$/.test(begun)
    lines.push(before + (isContinued ? begun.slice(0, -1) : begun))
  }
  return lines
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/g,
    (_, hex: string | undefined, one: string | undefined) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[one ?? ''] ?? one ?? ''),
  )
