import { IllegalArgumentError } from '../errors.ts'

/** The letters of `(?…)` that are on at a place of a pattern. */
export type Flags = {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
  readonly d: boolean
  readonly u: boolean
  readonly x: boolean
  readonly U: boolean
}

export const NO_FLAGS: Flags = {
  i: false,
  m: false,
  s: false,
  d: false,
  u: false,
  x: false,
  U: false,
}

/** A pattern while it is read. Where it is at, is part of what an error says, so each step moves as java.util.regex.Pattern does. */
export type Source = {
  readonly text: string
  /** code points, and zeros after them */
  readonly codes: number[]
  readonly length: number
  at: number
  flags: Flags
}

export function patternSource(text: string): Source {
  const codes = unquoted(Array.from(text, (char) => char.codePointAt(0) ?? 0))
  return { text, codes: [...codes, 0, 0], length: codes.length, at: 0, flags: NO_FLAGS }
}

/** What java.util.regex.PatternSyntaxException says; `Dangling meta character '*' near index 0`, the pattern, and a mark below the place. */
export function syntaxError({ text, at }: Source, message: string): IllegalArgumentError {
  const index = at - 1
  const place = index >= 0 ? ` near index ${index}` : ''
  const blanks = text.slice(0, Math.max(0, index)).replace(/[^\t]/g, ' ')
  const mark = index >= 0 && index < text.length ? `\n${blanks}^` : ''
  return new IllegalArgumentError(`${message}${place}\n${text}${mark}`)
}

export const code = (char: string): number => char.charCodeAt(0)

const codeAt = ({ codes }: Source, at: number): number => codes[at] ?? 0

/** The character at the cursor; in mode x the first one after blanks and comments. */
export function peek(source: Source): number {
  if (source.flags.x) source.at = pastBlanks(source, source.at)
  return codeAt(source, source.at)
}

/** Goes one on and peeks. */
export function next(source: Source): number {
  source.at++
  return peek(source)
}

/** The character at the cursor, which then is after it. */
export function read(source: Source): number {
  const char = peek(source)
  source.at++
  return char
}

/** As `next`, but blanks count. */
export function nextPlain(source: Source): number {
  source.at++
  return codeAt(source, source.at)
}

/** The character after the one at the cursor, which then is after both. */
export function skip(source: Source): number {
  source.at += 2
  return codeAt(source, source.at - 1)
}

export const isAtEnd = ({ at, length }: Source): boolean => at >= length

function pastBlanks(source: Source, start: number): number {
  let at = start
  for (;;) {
    while (isBlank(codeAt(source, at))) at++
    if (codeAt(source, at) !== HASH) return at
    at = endOfLine(source, at)
  }
}

/** A comment goes up to the end of its line, whose terminator then counts as a blank or stands for itself. */
function endOfLine(source: Source, start: number): number {
  let at = start + 1
  while (at < source.length && codeAt(source, at) !== 0 && !isLineEnd(source, codeAt(source, at)))
    at++
  return Math.min(at, source.length)
}

const HASH = 0x23
const BLANK = 0x20

const isBlank = (char: number): boolean => (char >= 9 && char <= 13) || char === BLANK

const isLineEnd = ({ flags }: Source, char: number): boolean =>
  flags.d ? char === 0x0a : isLineTerminator(char)

/** Of those that `.`, `^` and `$` know. */
export const isLineTerminator = (char: number): boolean =>
  char === 0x0a || char === 0x0d || char === 0x85 || char === 0x2028 || char === 0x2029

export const isDigit = (char: number): boolean => char >= 0x30 && char <= 0x39

export const isLetter = (char: number): boolean => {
  const lower = char | 0x20
  return lower >= 0x61 && lower <= 0x7a && char < 0x80
}

export const isHexDigit = (char: number): boolean =>
  isDigit(char) || (isLetter(char) && (char | 0x20) <= 0x66)

const BACKSLASH = 0x5c
const [Q, E] = [code('Q'), code('E')]

/** `\Q…\E` written out as escapes, the way Java does it: places in errors count these characters. */
function unquoted(codes: readonly number[]): number[] {
  const result: number[] = []
  let quote: 'none' | 'begins' | 'goes on' = 'none'
  for (let at = 0; at < codes.length; at++) {
    const [char, after] = [codes[at] ?? 0, codes[at + 1]]
    const isBackslash = char === BACKSLASH
    if (quote === 'none' && isBackslash && after === Q) [quote, at] = ['begins', at + 1]
    else if (quote === 'none') {
      result.push(char)
      if (isBackslash && after !== undefined) result.push(codes[++at] ?? 0)
    } else if (isBackslash && after === E) [quote, at] = ['none', at + 1]
    else {
      result.push(...escaped(char, quote === 'begins'))
      quote = 'goes on'
    }
  }
  return result
}

/** The first digit is written by its code, so that it is no part of an escape before it. */
function escaped(char: number, isFirst: boolean): number[] {
  if (char >= 0x80 || isLetter(char)) return [char]
  if (!isDigit(char)) return [BACKSLASH, char]
  return isFirst ? [BACKSLASH, code('x'), code('3'), char] : [char]
}
