import type { Attempt, Match } from './java-pattern-attempt.ts'
import type { Repeat } from './java-pattern-tree.ts'

/** Over and over what has no ways back. */
export function matchRun(once: Match, { least, most, greed }: Repeat, next: Match): Match {
  const rest = { greedy: greedyRun, lazy: lazyRun, possessive: possessiveRun }[greed]
  return (attempt, start) => {
    let at = start
    for (let count = 0; count < least; count++) {
      if (!once(attempt, at)) return false
      at = attempt.end
    }
    return rest(attempt, at, { once, next, left: most - least })
  }
}

type Run = { readonly once: Match; readonly next: Match; readonly left: number }

function greedyRun(attempt: Attempt, start: number, { once, next, left }: Run): boolean {
  const ends = [start]
  let at = start
  while (ends.length <= left && once(attempt, at) && attempt.end !== at) {
    at = attempt.end
    ends.push(at)
  }
  for (let index = ends.length - 1; index >= 0; index--)
    if (next(attempt, ends[index] ?? start)) return true
  return false
}

function lazyRun(attempt: Attempt, start: number, { once, next, left }: Run): boolean {
  let at = start
  for (let count = 0; ; count++) {
    if (next(attempt, at)) return true
    if (count >= left || !once(attempt, at) || attempt.end === at) return false
    at = attempt.end
  }
}

function possessiveRun(attempt: Attempt, start: number, { once, next, left }: Run): boolean {
  let at = start
  for (let count = 0; count < left && once(attempt, at) && attempt.end !== at; count++)
    at = attempt.end
  return next(attempt, at)
}
