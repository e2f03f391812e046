/** Why a text is no JSON, in the words of Jackson, which Kafka Connect passes on. */
export function jsonFault(text: string): string {
  const { reason, at } = findFault(text)
  const lines = text.slice(0, at).split('\n')
  const column = (lines.at(-1)?.length ?? 0) + 1
  return `${reason}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${lines.length}, column: ${column}]`
}

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'separator' | 'end'
type Open = ('{' | '[')[]
type Fault = { readonly reason: string; readonly at: number }

/** Reads tokens up to the first that may not stand where it does. */
function findFault(text: string): Fault {
  const open: Open = []
  let expected: Expected = 'value'
  for (let at = skipBlanks(text, 0); ; ) {
    if (at >= text.length) return { reason: endReason(open), at }
    const token = tokenAt(text, at)
    const next: Expected | undefined = token ? afterToken(token, expected, open) : undefined
    if (!token || !next) return faultAt(text, at, expected, open)
    expected = next
    at = skipBlanks(text, at + token.length)
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}

const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w$.])/y

function tokenAt(text: string, at: number): string | undefined {
  const first = text.charAt(at)
  if ('{}[],:'.includes(first)) return first
  if (first === '"') return stringAt(text, at)
  SCALAR.lastIndex = at
  return SCALAR.exec(text)?.[0]
}

function stringAt(text: string, start: number): string | undefined {
  const end = endOfString(text, start)
  return text.charAt(end) === '"' ? text.slice(start, end + 1) : undefined
}

const ESCAPED = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Where its closing quote is, or what may not stand in it, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '"' || character < ' ') return at
    if (character !== '\\') continue
    ESCAPED.lastIndex = at
    const escaped = ESCAPED.exec(text)?.[0]
    if (escaped === undefined) return at
    at += escaped.length - 1
  }
  return text.length
}

/** What may come next; undefined when this token may not come here. */
function afterToken(token: string, expected: Expected, open: Open): Expected | undefined {
  if (token === '}' || token === ']') return afterClose(token, expected, open)
  if (expected === 'colon') return token === ':' ? 'value' : undefined
  if (expected === 'separator' && token === ',') return open.at(-1) === '{' ? 'name' : 'value'
  if (expected === 'name' || expected === 'name or }')
    return token.startsWith('"') ? 'colon' : undefined
  if (!expected.startsWith('value') || token === ',' || token === ':') return undefined
  if (token !== '{' && token !== '[') return open.length === 0 ? 'end' : 'separator'
  open.push(token)
  return token === '{' ? 'name or }' : 'value or ]'
}

function afterClose(token: '}' | ']', expected: Expected, open: Open): Expected | undefined {
  const mayClose = expected === 'separator' || expected.endsWith(token)
  const isOpen = open.at(-1) === (token === '}' ? '{' : '[')
  if (!mayClose || !isOpen) return undefined
  open.pop()
  return open.length === 0 ? 'end' : 'separator'
}

const kindOf = (open: Open): string => (open.at(-1) === '{' ? 'Object' : 'Array')

const endReason = (open: Open): string =>
  open.length === 0
    ? 'No content to map due to end-of-input'
    : `Unexpected end-of-input: expected close marker for ${kindOf(open)}`

const VALUE = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"

function faultAt(text: string, at: number, expected: Expected, open: Open): Fault {
  const mayBeValue = expected.startsWith('value')
  const [word] = /^[A-Za-z_$][\w$]*/.exec(text.slice(at, at + 100)) ?? []
  if (mayBeValue && word)
    return { reason: `Unrecognized token '${word}': was expecting (${VALUE})`, at }
  if (text.charAt(at) === '"' && (mayBeValue || expected.startsWith('name')))
    return brokenString(text, endOfString(text, at))
  return { reason: `Unexpected character (${codeOf(text, at)}): ${wanted(expected, open)}`, at }
}

function codeOf(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0
  return code < 0x20 ? `CTRL-CHAR, code ${code}` : `'${String.fromCodePoint(code)}' (code ${code})`
}

function wanted(expected: Expected, open: Open): string {
  if (expected.startsWith('name')) return 'was expecting double-quote to start field name'
  if (expected === 'colon') return 'was expecting a colon to separate field name and value'
  if (expected === 'separator') return `was expecting comma to separate ${kindOf(open)} entries`
  return expected === 'end'
    ? 'was expecting the end of the input'
    : `expected a valid value (${VALUE})`
}

function brokenString(text: string, at: number): Fault {
  if (at >= text.length)
    return { reason: 'Unexpected end-of-input: was expecting closing quote for a string value', at }
  const reason =
    text.charAt(at) === '\\'
      ? `Unrecognized character escape ${codeOf(text, at + 1)}`
      : `Illegal unquoted character ((${codeOf(text, at)})): has to be escaped using backslash to be included in string value`
  return { reason, at }
}
