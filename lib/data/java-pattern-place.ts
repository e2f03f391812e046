import { charClass } from './java-pattern-properties.ts'
import {
  code,
  isLineTerminator,
  peek,
  type Source,
  skip,
  syntaxError,
} from './java-pattern-source.ts'
import type { PlaceTest, Tree } from './java-pattern-tree.ts'

/** `^` and `$`; undefined for other characters. */
export function placeOf({ flags }: Source, char: number): Tree | undefined {
  if (char === code('^'))
    return place(flags.m ? (flags.d ? isUnixLineStart : isLineStart) : isStart)
  if (char !== code('$')) return undefined
  if (flags.m) return place(flags.d ? isUnixLineEnd : isLineEnd)
  return place(flags.d ? isUnixLastLineEnd : isLastLineEnd)
}

/** What stands after a backslash: `A`, `b`, `Z` … */
export function placeOfLetter(source: Source, letter: string): Tree {
  switch (letter) {
    case 'A':
    case 'G':
      // The first match ends the search: before it, \G is the beginning.
      return place(isStart)
    case 'z':
      return place(isEnd)
    case 'Z':
      return place(source.flags.d ? isUnixLastLineEnd : isLastLineEnd)
    case 'B':
      return place(boundary(source, (isEdge) => !isEdge))
    case 'b':
      if (startsGraphemeBoundary(source)) throw unsupported(source, '\\b{g}')
      return place(boundary(source, (isEdge) => isEdge))
    default:
      throw unsupported(source, `\\${letter}`)
  }
}

const unsupported = (source: Source, what: string) =>
  syntaxError(source, `Grapheme clusters (${what}) are not supported`)

const place = (test: PlaceTest): Tree => ({ kind: 'place', test })

function startsGraphemeBoundary(source: Source): boolean {
  if (peek(source) !== code('{')) return false
  const isGrapheme = skip(source) === code('g')
  if (!isGrapheme) source.at -= 2
  return isGrapheme
}

const [LF, CR] = [0x0a, 0x0d]

const isStart: PlaceTest = (_, at) => at === 0

const isEnd: PlaceTest = (text, at) => at === text.length

/** Not at the end of the input, and not between CR and LF. */
const isLineStart: PlaceTest = (text, at) => {
  if (at === text.length) return false
  const before = text.charCodeAt(at - 1)
  if (at === 0) return true
  return isLineTerminator(before) && !(before === CR && text.charCodeAt(at) === LF)
}

const isUnixLineStart: PlaceTest = (text, at) =>
  at < text.length && (at === 0 || text.charCodeAt(at - 1) === LF)

const isLineEnd: PlaceTest = (text, at) => {
  if (at === text.length) return true
  const char = text.charCodeAt(at)
  return isLineTerminator(char) && !(char === LF && text.charCodeAt(at - 1) === CR)
}

const isUnixLineEnd: PlaceTest = (text, at) => at === text.length || text.charCodeAt(at) === LF

/** At the end, or before the line terminator that ends the input. */
const isLastLineEnd: PlaceTest = (text, at) => {
  const isAtPair = text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF
  return at >= text.length - (isAtPair ? 2 : 1) && isLineEnd(text, at)
}

const isUnixLastLineEnd: PlaceTest = (text, at) => at >= text.length - 1 && isUnixLineEnd(text, at)

/** Up to Java 18 letters and digits of every script are part of words here, though not of \w. */
const WORD = '\\p{L}\\p{Nd}_'
const UNICODE_WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d'

function boundary({ flags }: Source, suits: (isEdge: boolean) => boolean): PlaceTest {
  const isWord = charClass(flags.U ? UNICODE_WORD : WORD)
  const isPart = (text: string, at: number): boolean => {
    const char = text.codePointAt(at)
    return char !== undefined && (isWord(char) || (isMark(char) && hasBase(text, at)))
  }
  return (text, at) => suits((at > 0 && isPart(text, startOf(text, at))) !== isPart(text, at))
}

const isMark = charClass('\\p{Mn}')
const isLetterOrDigit = charClass('\\p{L}\\p{Nd}')

/** Where the character before a place begins. */
const startOf = (text: string, at: number): number =>
  (text.codePointAt(at - 2) ?? 0) > 0xffff ? at - 2 : at - 1

function hasBase(text: string, at: number): boolean {
  for (let before = at; before >= 0; before--) {
    const char = text.codePointAt(before) ?? 0
    if (isLetterOrDigit(char)) return true
    if (!isMark(char)) return false
  }
  return false
}
