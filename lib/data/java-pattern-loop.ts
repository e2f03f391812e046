import { type Attempt, closeGroup, type Match, openGroup } from './java-pattern-attempt.ts'
import type { Repeat } from './java-pattern-tree.ts'

/** Where a loop keeps what it needs; a loop with a memo does not try a place twice from which it has failed. */
export type LoopPlaces = {
  readonly begin: number
  readonly count: number
  readonly memo: number | undefined
}

export type LoopCounts = { readonly least: number; readonly most: number; readonly group: number }

/** A body that is to go on in a given way. */
type MakeBody = (way: Match) => Match

/** A group as often as it goes, with a way back into each repetition. One that takes nothing ends the loop. */
export function loop(places: LoopPlaces, counts: LoopCounts, make: MakeBody, next: Match): Match {
  const { begin, count, memo } = places
  const { least, most, group } = counts
  const again: Match = (attempt, at) => {
    const { locals } = attempt
    const times = locals[count] ?? 0
    if (at <= (locals[begin] ?? -1)) return next(attempt, at)
    if (times < least) return counted(attempt, at, count, body)
    if (times >= most) return next(attempt, at)
    const failed = memo === undefined ? undefined : attempt.failed[memo]
    if (failed?.has(at)) return next(attempt, at)
    if (counted(attempt, at, count, body)) return true
    failed?.add(at)
    return next(attempt, at)
  }
  const body = openGroup(begin, make(closeGroup(group, begin, again)))
  return started(count, (attempt, at) =>
    most > 0 && body(attempt, at) ? true : least === 0 && next(attempt, at),
  )
}

/** A group as seldom as it goes. */
export function lazyLoop(
  places: LoopPlaces,
  counts: LoopCounts,
  make: MakeBody,
  next: Match,
): Match {
  const { begin, count } = places
  const { least, most, group } = counts
  const again: Match = (attempt, at) => {
    const { locals } = attempt
    const times = locals[count] ?? 0
    if (at <= (locals[begin] ?? -1)) return next(attempt, at)
    if (times < least) return counted(attempt, at, count, body)
    if (next(attempt, at)) return true
    return times < most && counted(attempt, at, count, body)
  }
  const body = openGroup(begin, make(closeGroup(group, begin, again)))
  return started(count, (attempt, at) => {
    if (least > 0) return body(attempt, at)
    return next(attempt, at) || (most > 0 && body(attempt, at))
  })
}

/** Counts a repetition, and takes that back when it does not match. */
function counted(attempt: Attempt, at: number, count: number, body: Match): boolean {
  const { locals } = attempt
  const times = locals[count] ?? 0
  locals[count] = times + 1
  if (body(attempt, at)) return true
  locals[count] = times
  return false
}

/** The first repetition is the first one again when the loop stands in another one. */
const started =
  (count: number, first: Match): Match =>
  (attempt, at) => {
    const { locals } = attempt
    const before = locals[count] ?? -1
    locals[count] = 1
    const matches = first(attempt, at)
    locals[count] = before
    return matches
  }

/** A group that matches in one way only, over and over. Groups inside of it keep what they took last, as with Java's GroupCurly. */
export function groupLoop(once: Match, repeat: Repeat, group: number, next: Match): Match {
  const run: GroupRun = { once, next, group, most: repeat.most }
  const rest = repeat.greed === 'greedy' ? greedyGroups : lazyGroups
  return (attempt, start) => {
    const before = groupOf(attempt, group)
    let at = start
    let matches = true
    for (let count = 0; count < repeat.least && matches; count++) {
      matches = once(attempt, at)
      if (!matches) break
      setGroup(attempt, group, [at, attempt.end])
      at = attempt.end
    }
    if (matches && rest(attempt, at, repeat.least, run)) return true
    setGroup(attempt, group, before)
    return false
  }
}

type GroupRun = {
  readonly once: Match
  readonly next: Match
  readonly group: number
  readonly most: number
}

type Span = readonly [start: number, end: number]

const groupOf = ({ groups }: Attempt, group: number): Span => [
  groups[2 * group] ?? -1,
  groups[2 * group + 1] ?? -1,
]

function setGroup({ groups }: Attempt, group: number, [start, end]: Span): void {
  if (group === 0) return
  groups[2 * group] = start
  groups[2 * group + 1] = end
}

function greedyGroups(attempt: Attempt, start: number, least: number, run: GroupRun): boolean {
  const { once, next, group, most } = run
  const before = groupOf(attempt, group)
  let at = start
  if (least < most && once(attempt, at) && attempt.end > at) {
    const size = attempt.end - at
    let count = least
    for (;;) {
      setGroup(attempt, group, [at, at + size])
      at += size
      count++
      if (count >= most || !once(attempt, at)) break
      if (attempt.end === at + size) continue
      if (greedyGroups(attempt, at, count, run)) return true
      break
    }
    for (; count > least; count--) {
      if (next(attempt, at)) {
        setGroup(attempt, group, [at - size, at])
        return true
      }
      at -= size
      setGroup(attempt, group, [at - size, at])
    }
  }
  setGroup(attempt, group, before)
  return next(attempt, at)
}

function lazyGroups(attempt: Attempt, start: number, least: number, run: GroupRun): boolean {
  const { once, next, group, most } = run
  let at = start
  for (let count = least; ; count++) {
    if (next(attempt, at)) return true
    if (count >= most || !once(attempt, at) || attempt.end === at) return false
    setGroup(attempt, group, [at, attempt.end])
    at = attempt.end
  }
}
