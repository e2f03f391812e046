/** One attempt to match. */
export type Attempt = {
  readonly text: string
  /** whether a match has to reach the end of the text */
  readonly whole: boolean
  /** start and end of each group, -1 where it has none; what a group has taken stays when what it stands in fails, as in Java */
  readonly groups: number[]
  /** of loops: counts and beginnings */
  readonly locals: number[]
  /** of each loop: places from which it has failed */
  readonly failed: Set<number>[]
  /** where the part that matched last ends */
  end: number
  behindEnd: number
}

/** Matches from a place on, and all that follows. */
export type Match = (attempt: Attempt, at: number) => boolean

/** Keeps where a group begins while what it holds is matched. */
export const openGroup =
  (start: number, body: Match): Match =>
  (attempt, at) => {
    const { locals } = attempt
    const before = locals[start] ?? -1
    locals[start] = at
    const matches = body(attempt, at)
    locals[start] = before
    return matches
  }

/** What a group has taken is taken back when the rest does not match. */
export const closeGroup =
  (group: number, start: number, next: Match): Match =>
  (attempt, at) => {
    if (group === 0) return next(attempt, at)
    const { groups, locals } = attempt
    const [before = -1, beforeEnd = -1] = [groups[2 * group], groups[2 * group + 1]]
    groups[2 * group] = locals[start] ?? -1
    groups[2 * group + 1] = at
    if (next(attempt, at)) return true
    groups[2 * group] = before
    groups[2 * group + 1] = beforeEnd
    return false
  }
