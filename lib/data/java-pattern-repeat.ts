import {
  code,
  isDigit,
  next,
  peek,
  read,
  type Source,
  skip,
  syntaxError,
} from './java-pattern-source.ts'
import { type Repeat, type Tree, UNLIMITED } from './java-pattern-tree.ts'

const [BRACE, CLOSING_BRACE, COMMA] = [code('{'), code('}'), code(',')]

/** What has been read, with the quantifier that follows it. */
export function readRepeat(source: Source, body: Tree): Tree {
  switch (peek(source)) {
    case code('?'):
      return { kind: 'repeat', body, least: 0, most: 1, greed: readGreed(source) }
    case code('*'):
      return { kind: 'repeat', body, least: 0, most: UNLIMITED, greed: readGreed(source) }
    case code('+'):
      return { kind: 'repeat', body, least: 1, most: UNLIMITED, greed: readGreed(source) }
    case BRACE:
      return { kind: 'repeat', body, ...readCounts(source), greed: readGreed(source) }
    default:
      return body
  }
}

function readGreed(source: Source): Repeat['greed'] {
  const char = next(source)
  if (char !== code('?') && char !== code('+')) return 'greedy'
  next(source)
  return char === code('?') ? 'lazy' : 'possessive'
}

/** `{3}`, `{3,}`, `{3,5}`; the closing brace is left. */
function readCounts(source: Source): { readonly least: number; readonly most: number } {
  const digit = skip(source)
  if (!isDigit(digit)) throw syntaxError(source, 'Illegal repetition')
  const first = readNumber(source, digit)
  const counts = first.end === COMMA ? readMost(source) : { value: first.value, end: first.end }
  if (counts.end !== CLOSING_BRACE) throw syntaxError(source, 'Unclosed counted closure')
  const [least, most] = [first.value, counts.value]
  if (most < least) throw syntaxError(source, 'Illegal repetition range')
  source.at--
  return { least, most }
}

function readMost(source: Source) {
  const char = read(source)
  if (char === CLOSING_BRACE) return { value: UNLIMITED, end: char }
  return readNumber(source, char)
}

/** `end` is the character after it, which is read. */
function readNumber(
  source: Source,
  first: number,
): { readonly value: number; readonly end: number } {
  let value = 0
  let char = first
  for (; isDigit(char); char = read(source)) {
    value = value * 10 + char - 0x30
    if (value > UNLIMITED) throw syntaxError(source, 'Illegal repetition range')
  }
  return { value, end: char }
}
