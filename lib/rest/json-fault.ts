/** What is wrong with a body, in the words of Jackson, which Kafka Connect passes on. */

export const PLACELESS = -1

/** Names the place in the body and nothing of what stands there but a character or a word that is no JSON. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault'
  readonly reason: string
  /** bytes before the place; PLACELESS where Jackson names none */
  readonly at: number
  /** whether the text is JSON, but not what was asked for */
  readonly isMismatch: boolean
  /** what lies around it, the innermost first */
  readonly chain: string[] = []
  constructor(reason: string, at: number, kind: 'mismatch' | 'syntax' = 'syntax') {
    super(reason)
    this.reason = reason
    this.at = at
    this.isMismatch = kind === 'mismatch'
  }
}

/** As Kafka Connect's answer has it. */
export function faultText({ reason, at, chain }: JsonFault, body: Buffer): string {
  const place = at === PLACELESS ? '' : `\n at ${placeText(at, body)}`
  const around =
    chain.length === 0 ? '' : ` (through reference chain: ${chain.toReversed().join('->')})`
  return reason + place + around
}

const CR = 13
const LF = 10

/** Lines and columns count from one, columns in bytes. */
export function placeText(at: number, body: Buffer): string {
  let [line, start] = [1, 0]
  for (let index = 0; index < at; index++) {
    const isEnd = body[index] === LF || (body[index] === CR && body[index + 1] !== LF)
    if (isEnd) [line, start] = [line + 1, index + 1]
  }
  return `[Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${line}, column: ${at - start + 1}]`
}

/** Adds what lies around to a fault that comes from inside `read`. */
export function within<T>(around: string, read: () => T, which: 'all' | 'mismatches' = 'all'): T {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof JsonFault && (fault.isMismatch || which === 'all'))
      fault.chain.push(around)
    throw fault
  }
}

/** A character as messages show it. */
export const shown = (code: number): string =>
  code < 0x20 ? `(CTRL-CHAR, code ${code})` : `'${String.fromCodePoint(code)}' (code ${code})`
