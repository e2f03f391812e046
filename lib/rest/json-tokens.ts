/** JSON as a stream of tokens, so that what comes first in a body is complained of first: Jackson's UTF8StreamJsonParser. */
import { JsonFault, PLACELESS, placeText, shown } from './json-fault.ts'
import { numberEnd, refuseValue, stringAt, wordEnd } from './json-scalars.ts'

export type Kind = '{' | '}' | '[' | ']' | 'name' | 'string' | 'number' | 'true' | 'false' | 'null'

export type Token = {
  readonly kind: Kind
  /** what a name or string says; else as it was sent */
  readonly text: string
  /** bytes before it, and up to its end */
  readonly at: number
  readonly end: number
}

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'separator'
type Open = { readonly kind: '{' | '['; readonly at: number }

/** How far a body is read. */
export type Scan = {
  readonly body: Buffer
  readonly open: Open[]
  at: number
  expected: Expected
  last: Kind | undefined
}

const BOM = Buffer.from('\uFEFF')
const MAX_DEPTH = 1_000

export const scanOf = (body: Buffer): Scan => ({
  body,
  open: [],
  at: body.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0,
  expected: 'value',
  last: undefined,
})

/** @throws JsonFault */
export function isBlank(scan: Scan): boolean {
  skipBlanks(scan)
  return scan.at >= scan.body.length
}

/** The next token, which may stand where it does. @throws JsonFault when there is none. */
export function nextToken(scan: Scan): Token {
  skipBlanks(scan)
  const sign = signAt(scan)
  const token = isClosing(sign, scan) ? closed(sign, scan) : opening(sign, scan)
  scan.last = token.kind
  return token
}

function opening(sign: string, scan: Scan): Token {
  if (scan.expected !== 'separator')
    return scan.expected.startsWith('name') ? nameAt(scan) : valueAt(sign, scan)
  const next = scan.open.at(-1)?.kind === '{' ? 'name' : 'value'
  readSign(',', scan, next, `was expecting comma to separate ${scopeOf(scan)} entries`)
  return next === 'name' ? nameAt(scan) : valueAt(signAt(scan), scan)
}

// After a comma or a colon nothing can be closed.
const isClosing = (sign: string, { expected, open }: Scan): sign is '}' | ']' =>
  (sign === '}' || sign === ']') &&
  (open.length === 0 || (expected !== 'name' && expected !== 'value'))

function closed(sign: '}' | ']', scan: Scan): Token {
  const around = scan.open.pop()
  const marker = `Unexpected close marker '${sign}'`
  if (!around)
    throw new JsonFault(`${marker}: no open ${sign === '}' ? 'Object' : 'Array'} to close`, scan.at)
  const wanted = around.kind === '{' ? '}' : ']'
  if (sign === wanted) return taken(sign, scan.at + 1, 'separator', scan)
  const start = placeText(around.at, scan.body)
  throw new JsonFault(
    `${marker}: expected '${wanted}' (for ${SCOPES[around.kind]} starting at ${start})`,
    scan.at,
  )
}

function nameAt(scan: Scan): Token {
  if (signAt(scan) !== '"') throw refuseName(scan)
  const { text, end } = stringAt(scan.body, scan.at, 'name')
  const token = taken('name', end, 'name', scan, text)
  skipBlanks(scan)
  readSign(':', scan, 'value', 'was expecting a colon to separate field name and value')
  return token
}

function refuseName({ body, at }: Scan): JsonFault {
  const code = body.toString('utf8', at, at + 4).codePointAt(0) ?? 0
  const last = at + Buffer.byteLength(String.fromCodePoint(code)) - 1
  return new JsonFault(
    `Unexpected character (${shown(code)}): was expecting double-quote to start field name`,
    last,
  )
}

const WORDS: Readonly<Record<string, 'true' | 'false' | 'null'>> = {
  t: 'true',
  f: 'false',
  n: 'null',
}

function valueAt(sign: string, scan: Scan): Token {
  const { body, at, open, last } = scan
  if (sign === '{' || sign === '[') return opened(sign, scan)
  if (sign === '"') {
    const { text, end } = stringAt(body, at, 'string value')
    return taken('string', end, 'separator', scan, text)
  }
  const word = WORDS[sign]
  if (word) return taken(word, wordEnd(body, at, word), 'separator', scan)
  if (!/[-\d]/.test(sign)) throw refuseValue(body, at, open.at(-1)?.kind)
  const end = numberEnd(body, at, { isRoot: open.length === 0, last })
  return taken('number', end, 'separator', scan, body.toString('latin1', at, end))
}

function opened(kind: '{' | '[', scan: Scan): Token {
  scan.open.push({ kind, at: scan.at })
  const depth = scan.open.length
  if (depth > MAX_DEPTH)
    throw new JsonFault(
      `Document nesting depth (${depth}) exceeds the maximum allowed (${MAX_DEPTH}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`,
      PLACELESS,
    )
  return taken(kind, scan.at + 1, kind === '{' ? 'name or }' : 'value or ]', scan)
}

function taken(kind: Kind, end: number, next: Expected, scan: Scan, text: string = kind): Token {
  const { at, open } = scan
  scan.at = end
  scan.expected = open.length === 0 ? 'value' : next
  return { kind, text, at, end }
}

function readSign(sign: string, scan: Scan, then: Expected, wanted: string): void {
  if (signAt(scan) !== sign) {
    const found = shown(scan.body[scan.at] ?? 0)
    throw new JsonFault(`Unexpected character (${found}): ${wanted}`, scan.at)
  }
  scan.at++
  scan.expected = then
  skipBlanks(scan)
}

const SCOPES = { '{': 'Object', '[': 'Array' } as const

const scopeOf = ({ open }: Scan): string => {
  const around = open.at(-1)
  return around ? SCOPES[around.kind] : 'root'
}

/** The sign that is next. @throws JsonFault at the end */
function signAt(scan: Scan): string {
  const { body, at, open, expected } = scan
  if (at < body.length) return String.fromCharCode(body[at] ?? 0)
  const around = open.at(-1)
  if (!around || expected === 'name' || expected === 'value')
    throw new JsonFault(`Unexpected end-of-input within/between ${scopeOf(scan)} entries`, at)
  throw new JsonFault(
    `Unexpected end-of-input: expected close marker for ${scopeOf(scan)} (start marker at ${placeText(around.at, body)})`,
    at,
  )
}

const BLANKS = Buffer.from(' \t\r\n')

function skipBlanks(scan: Scan): void {
  const { body } = scan
  while (scan.at < body.length && BLANKS.includes(body[scan.at] ?? 0)) scan.at++
  const code = body[scan.at] ?? 0x20
  if (code < 0x20)
    throw new JsonFault(
      `Illegal character (${shown(code)}): only regular white space (\\r, \\n, \\t) is allowed between tokens`,
      scan.at + 1,
    )
  if (code === 0x2f)
    throw new JsonFault(
      `Unexpected character (${shown(code)}): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)`,
      scan.at,
    )
}
