import { type Attempt, closeGroup, type Match, openGroup } from './java-pattern-attempt.ts'
import { groupLoop, lazyLoop, loop } from './java-pattern-loop.ts'
import { matchRun } from './java-pattern-run.ts'
import { isDeterministic } from './java-pattern-study.ts'
import {
  type Behind,
  type CharTest,
  type Folding,
  folded,
  type Group,
  isOptional,
  type Repeat,
  type Tree,
  UNLIMITED,
} from './java-pattern-tree.ts'

export type Matcher = {
  readonly match: Match
  readonly newAttempt: (text: string, whole: boolean) => Attempt
}

/** How many places a pattern needs to keep counts in. */
export type Plan = { locals: number; memos: number; readonly hasReferences: boolean }

/** The whole of a pattern as functions that call each other, each with a fixed way on: java.util.regex matches so, and groups and backtracking then agree with it. */
export function matcherOf(tree: Tree, groupCount: number): Matcher {
  const plan: Plan = { locals: 0, memos: 0, hasReferences: hasReference(tree) }
  const match = matchOf(tree, atEnd, plan, plan.hasReferences ? 'inner' : 'top')
  const newAttempt = (text: string, whole: boolean): Attempt => ({
    text,
    whole,
    groups: new Array(2 * groupCount).fill(-1),
    locals: new Array(plan.locals).fill(-1),
    failed: Array.from({ length: plan.memos }, () => new Set<number>()),
    end: 0,
    behindEnd: 0,
  })
  return { match, newAttempt }
}

function hasReference(tree: Tree): boolean {
  if (tree.kind === 'reference') return true
  if ('items' in tree) return tree.items.some(hasReference)
  return 'body' in tree && hasReference(tree.body)
}

const atEnd: Match = (attempt, at) => {
  if (attempt.whole && at !== attempt.text.length) return false
  attempt.end = at
  return true
}

/** The end of a part that is matched by itself. */
const accept: Match = (attempt, at) => {
  attempt.end = at
  return true
}

/** `inner`: in a group that is repeated, or in a lookbehind; there a place can fail once and match later. */
type Depth = 'top' | 'inner'

function matchOf(tree: Tree, next: Match, plan: Plan, depth: Depth): Match {
  switch (tree.kind) {
    case 'char':
      return matchChar(tree.test, next)
    case 'slice':
      return matchSlice(tree.codes, tree.folding, next)
    case 'place':
      return (attempt, at) => tree.test(attempt.text, at) && next(attempt, at)
    case 'lineEnding':
      return matchLineEnding(next)
    case 'reference':
      return matchReference(tree.group, tree.folding, next)
    case 'sequence':
      return tree.items.reduceRight((after, item) => matchOf(item, after, plan, depth), next)
    case 'branch':
      return matchAny(tree.items.map((item) => matchOf(item, next, plan, depth)))
    case 'group':
      return matchGroup(tree, next, plan, depth)
    case 'atomic':
      return matchAlone(matchOf(tree.body, accept, plan, depth), next)
    case 'ahead':
      return matchAhead(matchOf(tree.body, accept, plan, depth), tree.isNegative, next)
    case 'behind':
      return matchBehind(tree, matchOf(tree.body, atBehindEnd, plan, 'inner'), next)
    case 'repeat':
      return matchRepeat(tree, next, plan, depth)
  }
}

const matchChar =
  (test: CharTest, next: Match): Match =>
  (attempt, at) => {
    const char = attempt.text.codePointAt(at)
    return char !== undefined && test(char) && next(attempt, at + (char > 0xffff ? 2 : 1))
  }

function matchSlice(codes: readonly number[], folding: Folding, next: Match): Match {
  const wanted = codes.map((char) => folded(char, folding))
  return (attempt, start) => {
    let at = start
    for (const [index, char] of codes.entries()) {
      const found = attempt.text.codePointAt(at)
      if (found === undefined) return false
      if (found !== char && folded(found, folding) !== wanted[index]) return false
      at += found > 0xffff ? 2 : 1
    }
    return next(attempt, at)
  }
}

const LINE_ENDS: ReadonlySet<string> = new Set('\n\v\f\u0085\u2028\u2029')

/** \R: CR and LF are one, though they may be taken for two. */
const matchLineEnding =
  (next: Match): Match =>
  (attempt, at) => {
    const char = attempt.text.charAt(at)
    if (LINE_ENDS.has(char)) return next(attempt, at + 1)
    if (char !== '\r') return false
    return (attempt.text.charAt(at + 1) === '\n' && next(attempt, at + 2)) || next(attempt, at + 1)
  }

/** A group that has not matched, or does not exist, matches nothing. */
const matchReference =
  (group: number, folding: Folding, next: Match): Match =>
  (attempt, at) => {
    const { text, groups } = attempt
    const [start = -1, end = -1] = [groups[2 * group], groups[2 * group + 1]]
    if (start < 0) return false
    const found = text.slice(at, at + end - start)
    const wanted = text.slice(start, end)
    if (found !== wanted && foldedText(found, folding) !== foldedText(wanted, folding)) return false
    return found.length === wanted.length && next(attempt, at + found.length)
  }

const foldedText = (text: string, folding: Folding): string =>
  folding === 'none'
    ? text
    : Array.from(text, (char) =>
        String.fromCodePoint(folded(char.codePointAt(0) ?? 0, folding)),
      ).join('')

const matchAny =
  (ways: readonly Match[]): Match =>
  (attempt, at) => {
    for (const way of ways) if (way(attempt, at)) return true
    return false
  }

function matchGroup({ group, body }: Group, next: Match, plan: Plan, depth: Depth): Match {
  if (group === 0) return matchOf(body, next, plan, depth)
  const start = plan.locals++
  const closing = closeGroup(group, start, next)
  return openGroup(start, matchOf(body, closing, plan, depth))
}

/** Without a way back into it. */
const matchAlone =
  (body: Match, next: Match): Match =>
  (attempt, at) =>
    body(attempt, at) && next(attempt, attempt.end)

const matchAhead =
  (body: Match, isNegative: boolean, next: Match): Match =>
  (attempt, at) =>
    body(attempt, at) !== isNegative && next(attempt, at)

const atBehindEnd: Match = (attempt, at) => at === attempt.behindEnd

/** Tries the nearest beginnings first. Java's 32 bits make a limit of none of one that overflows. */
const matchBehind =
  ({ least, most, isNegative }: Behind, body: Match, next: Match): Match =>
  (attempt, at) => {
    const before = attempt.behindEnd
    attempt.behindEnd = at
    const first = Math.max((at - most) | 0, 0)
    let matches = false
    for (let start = at - least; start >= first && !matches; start--) matches = body(attempt, start)
    attempt.behindEnd = before
    return matches !== isNegative && next(attempt, at)
  }

function matchRepeat(repeat: Repeat, next: Match, plan: Plan, depth: Depth): Match {
  const { body, greed, least, most } = repeat
  if (body.kind !== 'group' || greed === 'possessive') {
    const once = matchOf(body, accept, plan, body.kind === 'group' ? 'inner' : depth)
    return isOptional(repeat) ? maybe(once, greed, next) : matchRun(once, repeat, next)
  }
  if (isOptional(repeat)) {
    const way = matchOf(body, next, plan, 'inner')
    return matchAny(greed === 'greedy' ? [way, next] : [next, way])
  }
  if (isDeterministic(body)) {
    const once = matchOf(body.body, accept, plan, 'inner')
    return groupLoop(once, repeat, body.group, next)
  }
  const memo =
    depth === 'top' && greed === 'greedy' && most === UNLIMITED ? plan.memos++ : undefined
  const places = { begin: plan.locals++, count: plan.locals++, memo }
  const counts = { least, most, group: body.group }
  return (greed === 'greedy' ? loop : lazyLoop)(
    places,
    counts,
    (way) => matchOf(body.body, way, plan, 'inner'),
    next,
  )
}

/** One time or none, of something that has no ways back. */
function maybe(once: Match, greed: Repeat['greed'], next: Match): Match {
  const taken = matchAlone(once, next)
  if (greed === 'greedy') return matchAny([taken, next])
  if (greed === 'lazy') return matchAny([next, taken])
  return (attempt, at) => next(attempt, once(attempt, at) ? attempt.end : at)
}
