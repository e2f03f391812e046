import { matcherOf } from './java-pattern-match.ts'
import { parsePattern } from './java-pattern-parse.ts'
import { expandReplacement } from './java-pattern-replace.ts'

/** A regular expression that matches as java.util.regex of JDK 17 does, groups and backtracking included. */
export type JavaPattern = {
  /** Whether it matches the whole input: Matcher.matches. */
  readonly matches: (input: string) => boolean
  /**
   * The input with the first match replaced: Matcher.replaceFirst.
   * @throws IllegalArgumentError, IndexOutOfBoundsError for a replacement that is wrong; only once there is a match.
   */
  readonly replaceFirst: (input: string, replacement: string) => string
}

/**
 * Characters' properties are those of this Node's Unicode, which is newer than that of JDK 17. Left out are grapheme clusters (`\X`, `\b{g}`),
 * names of characters (`\N{…}`) and canonical equivalence (`(?c)`): they are refused.
 * @throws IllegalArgumentError with the message of Java's PatternSyntaxException.
 */
export function javaPattern(source: string): JavaPattern {
  const { tree, groups } = parsePattern(source)
  const { match, newAttempt } = matcherOf(tree, groups.count)
  return {
    matches: (input) => match(newAttempt(input, true), 0),
    replaceFirst: (input, replacement) => {
      const attempt = newAttempt(input, false)
      for (let start = 0; start <= input.length; start = after(input, start)) {
        if (!match(attempt, start)) continue
        const found = [start, attempt.end, ...attempt.groups.slice(2)]
        const { names } = groups
        const expanded = expandReplacement(replacement, { text: input, groups: found, names })
        return input.slice(0, start) + expanded + input.slice(attempt.end)
      }
      return input
    },
  }
}

const after = (input: string, at: number): number =>
  at + ((input.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
