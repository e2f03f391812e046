import { IllegalArgumentError } from '../errors.ts'
import { readEscape, readFamily } from './java-pattern-escape.ts'
import {
  code,
  isAtEnd,
  next,
  nextPlain,
  peek,
  type Source,
  syntaxError,
} from './java-pattern-source.ts'
import { type CharTest, folded, lowerCase, upperCase } from './java-pattern-tree.ts'

/** A single character as the flags that are on take it. */
export function singleChar({ flags }: Source, char: number): CharTest {
  const folding = flags.i ? (flags.u ? 'unicode' : 'ascii') : 'none'
  const wanted = folded(char, folding)
  return folding === 'none'
    ? (one) => one === char
    : (one) => one === char || folded(one, folding) === wanted
}

const [OPEN, CLOSE, AND, NOT, DASH, BACKSLASH] = [...'[]&^-\\'].map(code) as [
  number,
  number,
  number,
  number,
  number,
  number,
]

/** What has been read of a class: single characters of Latin 1 are gathered in a set, which counts from the next operator on. */
type Gathered = {
  readonly chars: Set<number>
  hasChars: boolean
  test: CharTest | undefined
  /** what came last, where that was no single character: an operator without a right side takes it once more */
  last: CharTest | undefined
}

const nothing = (): Gathered => ({
  chars: new Set(),
  hasChars: false,
  test: undefined,
  last: undefined,
})

/** Reads `[…]` from its bracket on. */
export const readClass = (source: Source): CharTest => readUntilClosed(source, 'closes')

/** The right side of `&&` stands without brackets of its own: its closing bracket is left for the class around it. */
function readUntilClosed(source: Source, end: 'closes' | 'stays'): CharTest {
  const gathered = nothing()
  let char = next(source)
  const isNegated = char === NOT && source.codes[source.at - 1] === OPEN
  if (isNegated) char = next(source)
  for (;;) {
    if (char === OPEN) unite(gathered, readClass(source))
    else if (char === AND && nextIsAnd(source)) intersect(source, gathered)
    else if (char === CLOSE && (gathered.test || gathered.hasChars)) {
      if (end === 'closes') next(source)
      return closed(gathered, isNegated)
    } else readItem(source, gathered, char)
    char = peek(source)
  }
}

function closed(gathered: Gathered, isNegated: boolean): CharTest {
  takeChars(gathered)
  const test = gathered.test as CharTest
  return isNegated ? (char) => !test(char) : test
}

function nextIsAnd(source: Source): boolean {
  if (next(source) === AND) return true
  source.at--
  return false
}

function unite(gathered: Gathered, test: CharTest): void {
  const before = gathered.test
  gathered.test = before ? (char) => before(char) || test(char) : test
  gathered.last = test
}

function takeChars(gathered: Gathered): void {
  const { chars, hasChars, test, last } = gathered
  if (hasChars) unite(gathered, (char) => chars.has(char))
  if (test) gathered.last = last
  gathered.hasChars = false
}

function intersect(source: Source, gathered: Gathered): void {
  const right = readRight(source)
  takeChars(gathered)
  const before = gathered.test
  if (!right && !before) throw syntaxError(source, 'Bad class syntax')
  const other = right ?? gathered.last ?? missing
  gathered.test = before ? (char) => before(char) && other(char) : other
  gathered.last = other
}

/** JDK 17 takes such a class, and stumbles over it when it matches. */
const missing: CharTest = () => {
  throw new IllegalArgumentError('Bad intersection syntax')
}

/** What follows `&&`, up to the end of the class or the next `&`. */
function readRight(source: Source): CharTest | undefined {
  const right = nothing()
  let char = next(source)
  while (char !== CLOSE && char !== AND) {
    if (char === OPEN) unite(right, readClass(source))
    else {
      source.at--
      unite(right, readUntilClosed(source, 'stays'))
    }
    char = peek(source)
  }
  return right.test
}

function readItem(source: Source, gathered: Gathered, char: number): void {
  if (char === 0 && isAtEnd(source)) throw syntaxError(source, 'Unclosed character class')
  const item = readRange(source)
  if (typeof item !== 'number') unite(gathered, item)
  else if (isGathered(source, item)) gather(source, gathered, item)
  else unite(gathered, singleChar(source, item))
}

/** Letters of Latin 1 that are other cases of letters elsewhere are not gathered. */
const ELSEWHERE: ReadonlySet<number> = new Set([...'ÿµIiSsKkÅå'].map(code))

const isGathered = ({ flags }: Source, char: number): boolean =>
  char < 0x100 && !(flags.i && flags.u && ELSEWHERE.has(char))

function gather({ flags }: Source, gathered: Gathered, char: number): void {
  gathered.hasChars = true
  gathered.last = undefined
  gathered.chars.add(char)
  if (!flags.i || (char >= 0x80 && !flags.u)) return
  gathered.chars.add(lowerCase(char)).add(upperCase(char))
}

/** One character, or a class. */
function readRange(source: Source): number | CharTest {
  const first = readFirst(source)
  if (typeof first !== 'number' || peek(source) !== DASH) return first
  const after = source.codes[source.at + 1]
  if (after === OPEN || after === CLOSE) return first
  next(source)
  const last = readLast(source)
  if (last < first) throw syntaxError(source, 'Illegal character range')
  return range(source, first, last)
}

function readFirst(source: Source): number | CharTest {
  const char = peek(source)
  if (char !== BACKSLASH) {
    next(source)
    return char
  }
  const letter = nextPlain(source)
  if (letter === code('p') || letter === code('P')) return readFamily(source)
  const startsRange = source.codes[source.at + 1] === DASH
  source.at--
  const found = readEscape(source, startsRange ? 'rangeEnd' : 'class')
  if (typeof found === 'number') return found
  // In a class no other escapes are read.
  return (found as { readonly test: CharTest }).test
}

function readLast(source: Source): number {
  const char = peek(source)
  if (char !== BACKSLASH) {
    next(source)
    return char
  }
  const found = readEscape(source, 'rangeEnd')
  // A class cannot end a range; as with Java's -1, that is before every beginning.
  return typeof found === 'number' ? found : -1
}

function range({ flags }: Source, first: number, last: number): CharTest {
  const isIn = (char: number) => char >= first && char <= last
  if (!flags.i) return isIn
  if (flags.u)
    return (char) => isIn(char) || isIn(upperCase(char)) || isIn(lowerCase(upperCase(char)))
  return (char) => isIn(char) || (char < 0x80 && (isIn(upperCase(char)) || isIn(lowerCase(char))))
}
