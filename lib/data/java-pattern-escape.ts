import { charClass, charProperty, namedProperty } from './java-pattern-properties.ts'
import {
  code,
  isDigit,
  isHexDigit,
  isLetter,
  next,
  peek,
  read,
  type Source,
  skip,
  syntaxError,
} from './java-pattern-source.ts'
import type { CharTest } from './java-pattern-tree.ts'

/** What a backslash begins: a character, a class of them, or, outside of classes, something else that its letter or digit tells. */
export type Escape = number | { readonly test: CharTest } | { readonly letter: string }

/** `rangeEnd`: at either end of `a-z` in a class. */
export type EscapePosition = 'outside' | 'class' | 'rangeEnd'

const CHARACTERS: Readonly<Record<string, number>> = {
  a: 0x07,
  e: 0x1b,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
}

const CLASSES: Readonly<Record<string, readonly [ascii: string, unicode: string]>> = {
  d: ['0-9', '\\p{Nd}'],
  s: ['\\t-\\r ', '\\p{Z}\\t-\\r\\u0085'],
  w: ['a-zA-Z_0-9', '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d'],
  h: same('\\t \\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'),
  v: same('\\n-\\r\\x85\\u2028\\u2029'),
}

function same(source: string): readonly [string, string] {
  return [source, source]
}

const OUTSIDE = 'ABGRXZbkz123456789'

/** Reads on from the backslash. */
export function readEscape(source: Source, position: EscapePosition): Escape {
  const char = skip(source)
  const letter = String.fromCodePoint(char)
  if (char >= 0x80 || (!isLetter(char) && !isDigit(char))) return char
  if (letter === 'v' && position === 'rangeEnd') return 0x0b
  const test = classOf(source, letter)
  if (test) return { test }
  if (Object.hasOwn(CHARACTERS, letter)) return CHARACTERS[letter] ?? 0
  const number = NUMBERS[letter]
  if (number) return number(source)
  if (OUTSIDE.includes(letter) && position === 'outside') return { letter }
  throw syntaxError(source, 'Illegal/unsupported escape sequence')
}

function classOf({ flags }: Source, letter: string): CharTest | undefined {
  const lower = letter.toLowerCase()
  const found = Object.hasOwn(CLASSES, lower) ? CLASSES[lower] : undefined
  if (!found) return undefined
  const test = charClass(found[flags.U ? 1 : 0])
  return letter === lower ? test : (char) => !test(char)
}

const NUMBERS: Readonly<Record<string, (source: Source) => number>> = {
  '0': readOctal,
  c: readControl,
  u: readUnicode,
  x: readHexadecimal,
  N: (source) => {
    throw syntaxError(source, 'Names of characters are not supported')
  },
}

function readControl(source: Source): number {
  if (source.at < source.length) return read(source) ^ 64
  throw syntaxError(source, 'Illegal control escape sequence')
}

const octalDigit = (char: number): number => (char >= 0x30 && char <= 0x37 ? char - 0x30 : -1)

/** One to three digits; three are at most 377. */
function readOctal(source: Source): number {
  let value = octalDigit(read(source))
  if (value < 0) throw syntaxError(source, 'Illegal octal escape sequence')
  const most = value <= 3 ? 3 : 2
  for (let count = 1; count < 3; count++) {
    const digit = octalDigit(read(source))
    if (digit < 0 || count === most) {
      source.at--
      break
    }
    value = value * 8 + digit
  }
  return value
}

const hexValue = (char: number): number => Number.parseInt(String.fromCharCode(char), 16)

const [BRACE, CLOSING_BRACE] = [code('{'), code('}')]

function readHexadecimal(source: Source): number {
  const first = read(source)
  if (isHexDigit(first)) {
    const second = read(source)
    if (isHexDigit(second)) return hexValue(first) * 16 + hexValue(second)
  } else if (first === BRACE && isHexDigit(peek(source))) return readBraced(source)
  throw syntaxError(source, 'Illegal hexadecimal escape sequence')
}

function readBraced(source: Source): number {
  let value = 0
  let char = read(source)
  for (; isHexDigit(char); char = read(source)) {
    value = value * 16 + hexValue(char)
    if (value > 0x10ffff) throw syntaxError(source, 'Hexadecimal codepoint is too big')
  }
  if (char !== CLOSING_BRACE) throw syntaxError(source, 'Unclosed hexadecimal escape sequence')
  return value
}

function readFour(source: Source): number {
  let value = 0
  for (let count = 0; count < 4; count++) {
    const char = read(source)
    if (!isHexDigit(char)) throw syntaxError(source, 'Illegal Unicode escape sequence')
    value = value * 16 + hexValue(char)
  }
  return value
}

/** Two escapes may be the two halves of one character. */
function readUnicode(source: Source): number {
  const first = readFour(source)
  if (first < 0xd800 || first > 0xdbff) return first
  const after = source.at
  if (read(source) === code('\\') && read(source) === code('u')) {
    const second = readFour(source)
    if (second >= 0xdc00 && second <= 0xdfff)
      return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
  }
  source.at = after
  return first
}

/** `p{Lu}`, `pL`, `P{…}`; reads on from the letter. */
export function readFamily(source: Source): CharTest {
  const isComplement = source.codes[source.at] === code('P')
  const isBraced = next(source) === BRACE
  if (!isBraced) source.at--
  next(source)
  const name = isBraced ? bracedName(source) : String.fromCodePoint(singleName(source))
  const test = familyOf(source, name, isBraced)
  return isComplement ? (char) => !test(char) : test
}

function singleName(source: Source): number {
  const char = source.codes[source.at] ?? 0
  read(source)
  return char
}

function bracedName(source: Source): string {
  const start = source.at
  let char = read(source)
  while (char !== CLOSING_BRACE && source.at <= source.length) char = read(source)
  if (source.at > source.length) throw syntaxError(source, 'Unclosed character family')
  const name = source.codes.slice(start, source.at - 1)
  if (name.length === 0) throw syntaxError(source, 'Empty character family')
  return String.fromCodePoint(...name)
}

function familyOf(source: Source, name: string, isBraced: boolean): CharTest {
  const { i: ignoresCase, U: isUnicode } = source.flags
  const at = isBraced ? name.indexOf('=') : -1
  if (at < 0) {
    const test = charProperty(name, { ignoresCase, isUnicode })
    if (test) return test
    throw syntaxError(source, `Unknown character property name {${name}}`)
  }
  const [key, value] = [name.slice(0, at).toLowerCase(), name.slice(at + 1)]
  const test = namedProperty(key, value, ignoresCase)
  if (test) return test
  throw syntaxError(source, `Unknown Unicode property {name=<${key}>, value=<${value}>}`)
}
