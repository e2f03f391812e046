import { readClass, singleChar } from './java-pattern-class.ts'
import { type Escape, readEscape, readFamily } from './java-pattern-escape.ts'
import { readGroup } from './java-pattern-group.ts'
import { placeOf, placeOfLetter } from './java-pattern-place.ts'
import { readRepeat } from './java-pattern-repeat.ts'
import {
  code,
  isAtEnd,
  isDigit,
  isLetter,
  isLineTerminator,
  next,
  nextPlain,
  patternSource,
  peek,
  read,
  type Source,
  syntaxError,
} from './java-pattern-source.ts'
import type { Folding, Tree } from './java-pattern-tree.ts'

/** The groups that a pattern has so far. */
export type Groups = {
  /** group 0 counts */
  count: number
  readonly names: Map<string, number>
}

export type Parsed = { readonly tree: Tree; readonly groups: Groups }

/** @throws IllegalArgumentError with the text of PatternSyntaxException. */
export function parsePattern(text: string): Parsed {
  const source = patternSource(text)
  const groups: Groups = { count: 1, names: new Map() }
  if (text === '') return { tree: { kind: 'sequence', items: [] }, groups }
  const tree = readBranches(source, groups)
  if (source.at === source.length) return { tree, groups }
  if (peek(source) === code(')')) throw syntaxError(source, "Unmatched closing ')'")
  throw syntaxError(source, 'Unexpected internal error')
}

const BAR = code('|')

export function readBranches(source: Source, groups: Groups): Tree {
  const items = [readSequence(source, groups)]
  while (peek(source) === BAR) {
    next(source)
    items.push(readSequence(source, groups))
  }
  return items.length === 1 ? (items[0] as Tree) : { kind: 'branch', items }
}

function readSequence(source: Source, groups: Groups): Tree {
  const items: Tree[] = []
  for (;;) {
    const char = peek(source)
    if (char === BAR || char === code(')') || (char === 0 && isAtEnd(source)))
      return { kind: 'sequence', items }
    if (char === code('(')) {
      const group = readGroup(source, groups)
      if (group) items.push(group)
    } else items.push(readRepeat(source, readItem(source, groups, char)))
  }
}

function readItem(source: Source, groups: Groups, char: number): Tree {
  const place = placeOf(source, char)
  if (place) {
    next(source)
    return place
  }
  switch (String.fromCodePoint(char)) {
    case '[':
      return { kind: 'char', test: readClass(source) }
    case '.':
      next(source)
      return { kind: 'char', test: dot(source) }
    case '?':
    case '*':
    case '+':
      next(source)
      throw syntaxError(source, `Dangling meta character '${String.fromCodePoint(char)}'`)
    default:
      return readLiterals(source, groups)
  }
}

function dot({ flags }: Source) {
  if (flags.s) return () => true
  return flags.d ? (char: number) => char !== 0x0a : (char: number) => !isLineTerminator(char)
}

const QUANTIFIERS: ReadonlySet<number> = new Set([...'*+?{'].map(code))
const ENDS: ReadonlySet<number> = new Set([...'$.^([|)'].map(code))
const BACKSLASH = code('\\')

/** Characters that stand for themselves, as many as follow each other; a quantifier takes the last one. */
function readLiterals(source: Source, groups: Groups): Tree {
  const codes: number[] = []
  let beforeLast = source.at
  for (;;) {
    const char = peek(source)
    if (QUANTIFIERS.has(char)) {
      if (codes.length > 1) {
        source.at = beforeLast
        codes.pop()
      }
      return literal(source, codes)
    }
    if (ENDS.has(char) || (char === 0 && isAtEnd(source))) return literal(source, codes)
    const start = source.at
    const found = char === BACKSLASH ? readBackslash(source, codes.length === 0) : char
    if (typeof found !== 'number') {
      if (found && codes.length === 0) return escaped(source, groups, found)
      source.at = start
      return literal(source, codes)
    }
    if (char !== BACKSLASH) next(source)
    beforeLast = start
    codes.push(found)
  }
}

/** undefined: a family, which does not follow literals. */
function readBackslash(source: Source, isFirst: boolean): Escape | undefined {
  const letter = nextPlain(source)
  if (letter === code('p') || letter === code('P'))
    return isFirst ? { test: readFamily(source) } : undefined
  source.at--
  return readEscape(source, 'outside')
}

function literal(source: Source, codes: readonly number[]): Tree {
  const [only] = codes
  return only !== undefined && codes.length === 1
    ? { kind: 'char', test: singleChar(source, only) }
    : { kind: 'slice', codes, folding: foldingOf(source) }
}

export const foldingOf = ({ flags }: Source): Folding =>
  flags.i ? (flags.u ? 'unicode' : 'ascii') : 'none'

function escaped(source: Source, groups: Groups, found: Exclude<Escape, number>): Tree {
  if ('test' in found) return { kind: 'char', test: found.test }
  const { letter } = found
  if (letter === 'R') return { kind: 'lineEnding' }
  if (letter === 'k') return readNamedReference(source, groups)
  if (isDigit(code(letter))) return readReference(source, groups, Number(letter))
  return placeOfLetter(source, letter)
}

/** As many digits as there are groups for; the first one always counts. */
function readReference(source: Source, groups: Groups, first: number): Tree {
  let group = first
  while (isDigit(peek(source))) {
    const longer = group * 10 + peek(source) - 0x30
    if (groups.count - 1 < longer) break
    group = longer
    read(source)
  }
  return { kind: 'reference', group, folding: foldingOf(source) }
}

function readNamedReference(source: Source, groups: Groups): Tree {
  if (read(source) !== code('<'))
    throw syntaxError(source, "\\k is not followed by '<' for named capturing group")
  const name = readGroupName(source, read(source))
  const group = groups.names.get(name)
  if (group === undefined)
    throw syntaxError(source, `named capturing group <${name}> does not exist`)
  return { kind: 'reference', group, folding: foldingOf(source) }
}

/** Up to `>`, which is read too. */
export function readGroupName(source: Source, first: number): string {
  if (!isLetter(first))
    throw syntaxError(source, 'capturing group name does not start with a Latin letter')
  let name = ''
  let char = first
  for (; isLetter(char) || isDigit(char); char = read(source)) name += String.fromCodePoint(char)
  if (char !== code('>')) throw syntaxError(source, "named capturing group is missing trailing '>'")
  return name
}
