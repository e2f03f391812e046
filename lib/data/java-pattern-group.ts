import { type Groups, readBranches, readGroupName } from './java-pattern-parse.ts'
import { readRepeat } from './java-pattern-repeat.ts'
import {
  code,
  type Flags,
  next,
  peek,
  read,
  type Source,
  skip,
  syntaxError,
} from './java-pattern-source.ts'
import { lengthsOf } from './java-pattern-study.ts'
import { type Tree, UNLIMITED } from './java-pattern-tree.ts'

/** Reads on from the parenthesis; undefined for flags that hold from here on. */
export function readGroup(source: Source, groups: Groups): Tree | undefined {
  const flags = source.flags
  const inner = next(source) === code('?') ? readSpecial(source, groups) : capture(source, groups)
  if (inner === undefined) return undefined
  if (read(source) !== code(')')) throw syntaxError(source, 'Unclosed group')
  source.flags = flags
  return readRepeat(source, inner)
}

function capture(source: Source, groups: Groups, name?: string): Tree {
  const group = groups.count++
  if (name !== undefined) groups.names.set(name, group)
  return { kind: 'group', group, body: readBranches(source, groups) }
}

const pure = (source: Source, groups: Groups): Tree => ({
  kind: 'group',
  group: 0,
  body: readBranches(source, groups),
})

function readSpecial(source: Source, groups: Groups): Tree | undefined {
  const char = skip(source)
  switch (String.fromCodePoint(char)) {
    case ':':
      return pure(source, groups)
    case '=':
    case '!':
      return { kind: 'ahead', body: pure(source, groups), isNegative: char === code('!') }
    case '>':
      return { kind: 'atomic', body: pure(source, groups) }
    case '<':
      return readAngle(source, groups)
    case '$':
    case '@':
      throw syntaxError(source, 'Unknown group type')
    default:
      source.at--
      return readFlagged(source, groups)
  }
}

function readAngle(source: Source, groups: Groups): Tree {
  const char = read(source)
  if (char === code('=') || char === code('!'))
    return readBehind(source, groups, char === code('!'))
  const name = readGroupName(source, char)
  if (groups.names.has(name))
    throw syntaxError(source, `Named capturing group <${name}> is already defined`)
  return capture(source, groups, name)
}

function readBehind(source: Source, groups: Groups, isNegative: boolean): Tree {
  const start = source.at
  const body = pure(source, groups)
  const { least, most, hasMost } = lengthsOf(body)
  if (!hasMost)
    throw syntaxError(source, 'Look-behind group does not have an obvious maximum length')
  // Characters of two units count as one.
  const isWide = source.codes.slice(start).some((char) => char > 0xffff)
  return { kind: 'behind', body, isNegative, least, most: isWide ? wide(most) : most }
}

const wide = (most: number): number => Math.min(2 * most, UNLIMITED)

/** `(?i)`, `(?i-s:…)` */
function readFlagged(source: Source, groups: Groups): Tree | undefined {
  readFlags(source)
  const char = read(source)
  if (char === code(')')) return undefined
  if (char !== code(':')) throw syntaxError(source, 'Unknown inline modifier')
  return pure(source, groups)
}

function readFlags(source: Source): void {
  let isOn = true
  for (let char = peek(source); ; char = next(source)) {
    const letter = String.fromCodePoint(char)
    if (letter === '-' && isOn) isOn = false
    else if (letter === 'c' && isOn)
      throw syntaxError(source, 'Canonical equivalence (?c) is not supported')
    else if (letter !== 'c' && !(letter in source.flags)) return
    else source.flags = withFlag(source.flags, letter, isOn)
  }
}

function withFlag(flags: Flags, letter: string, isOn: boolean): Flags {
  if (letter === 'c') return flags
  // Classes by Unicode bring its cases with them.
  return letter === 'U' ? { ...flags, U: isOn, u: isOn } : { ...flags, [letter]: isOn }
}
