/** A JSON string as Jackson writes it: upper-case hex, and everything above U+FFFF as two escapes; the rest stays raw. */
export const quote = (text: string): string =>
  NEEDS_ESCAPE.test(text) ? `"${text.replace(EACH_ESCAPE, escaped)}"` : `"${text}"`

// All but the raw ones: control characters, the two of the syntax, surrogates.
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/
const EACH_ESCAPE = new RegExp(NEEDS_ESCAPE, 'g')

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

const escaped = (unit: string): string =>
  SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

/** JSON has no NaN nor Infinity: they are written as strings. */
export const realJson = (text: string): string =>
  text.endsWith('N') || text.endsWith('y') ? `"${text}"` : text
