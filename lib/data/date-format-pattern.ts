import { IllegalArgumentError } from '../errors.ts'

/** A piece of a pattern: text that stands for itself, or a letter and how often it is repeated. */
export type DatePart =
  | { readonly literal: string }
  | { readonly letter: string; readonly count: number }

const LETTERS = 'GyMdkHmsSEDFwWahKzZYuXL'

/** @throws IllegalArgumentError with the text of java.text.SimpleDateFormat. */
export function datePattern(pattern: string): readonly DatePart[] {
  const parts: DatePart[] = []
  for (let at = 0; at < pattern.length; ) {
    const { part, end } = pattern[at] === "'" ? quoted(pattern, at) : plain(pattern, at)
    parts.push(part)
    at = end
  }
  return parts
}

type Found = { readonly part: DatePart; readonly end: number }

function plain(pattern: string, start: number): Found {
  const letter = pattern.charAt(start)
  if (!/[a-zA-Z]/.test(letter)) return { part: { literal: letter }, end: start + 1 }
  let end = start
  while (pattern[end] === letter) end++
  const count = end - start
  // Java knows that a run of letters is over when it has looked at the next one.
  for (const one of [letter, pattern.charAt(end)]) refuseUnknown(one)
  if (letter === 'X' && count > 3)
    throw new IllegalArgumentError(`invalid ISO 8601 format: length=${count}`)
  return { part: { letter, count }, end }
}

function refuseUnknown(letter: string): void {
  if (/[a-zA-Z]/.test(letter) && !LETTERS.includes(letter))
    throw new IllegalArgumentError(`Illegal pattern character '${letter}'`)
}

/** Two quotes are one quote, outside of quoted text as well as in it. */
function quoted(pattern: string, start: number): Found {
  if (pattern[start + 1] === "'") return { part: { literal: "'" }, end: start + 2 }
  let literal = ''
  for (let at = start + 1; at < pattern.length; at++) {
    if (pattern[at] !== "'") literal += pattern[at]
    else if (pattern[at + 1] === "'") literal += pattern[++at]
    else return { part: { literal }, end: at + 1 }
  }
  throw new IllegalArgumentError('Unterminated quote')
}
