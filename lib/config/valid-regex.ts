import { javaPattern } from '../data/java-pattern.ts'
import { messageOf } from '../errors.ts'

/** What Java says when it is to compile null: RegexValidator hands on what it is told. */
const NO_PATTERN = 'Cannot invoke "String.isEmpty()" because "this.pattern" is null'

/** RegexValidator: the reason why a text is no java.util.regex pattern. The empty text is one. */
export function refuseRegex(pattern: string | null): string | undefined {
  if (pattern === null) return `Invalid regex: ${NO_PATTERN}`
  try {
    javaPattern(pattern)
    return undefined
  } catch (error) {
    return `Invalid regex: ${messageOf(error)}`
  }
}
