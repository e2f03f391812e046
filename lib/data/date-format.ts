import { datePattern } from './date-format-pattern.ts'
import { dateReader } from './date-format-read.ts'
import { dateWriter } from './date-format-write.ts'
import { UTC } from './date-format-zones.ts'
import { Instant } from './value.ts'

/** Times as text, as java.text.SimpleDateFormat of JDK 17 reads and writes it in UTC and the English of the United States; reading is lenient. */
export type DateFormat = {
  /** A bigint is milliseconds since 1970, for times that a number does not hold exactly. */
  readonly format: (time: Instant | bigint) => string
  /** Text after the pattern's end is ignored. undefined when the text does not match. */
  readonly parse: (text: string) => Instant | undefined
}

/**
 * `nowMs` is what years of two digits go by: they lie within 80 years before it and 20 after. SimpleDateFormat asks the clock when it is made, and so does this when it is left out.
 * As with Java's, a text that names a time zone sets the one that is written and read from then on.
 * @throws IllegalArgumentError with Java's text for a pattern that is none.
 */
export function dateFormat(pattern: string, nowMs = Date.now()): DateFormat {
  const parts = datePattern(pattern)
  const write = dateWriter(parts)
  const read = dateReader(parts, nowMs)
  let zone = UTC
  return {
    format: (time) => write(typeof time === 'bigint' ? time : time.epochMs, zone),
    parse: (text) => {
      const found = read(text, zone)
      zone = found.zone
      return found.epochMs === undefined ? undefined : new Instant(found.epochMs)
    },
  }
}
