import { BLOCKS } from './java-pattern-blocks.ts'
import type { CharTest } from './java-pattern-tree.ts'

/** The characters of `\p{…}`; undefined for a name that Java does not know. `ignoresCase`: (?i) is on; `isUnicode`: (?U) is. */
export function charProperty(
  name: string,
  { ignoresCase, isUnicode }: { readonly ignoresCase: boolean; readonly isUnicode: boolean },
): CharTest | undefined {
  if (name.startsWith('In')) return block(name.slice(2))
  if (name.startsWith('Is')) {
    const short = name.slice(2)
    return unicodeProperty(short, ignoresCase) ?? property(short, ignoresCase) ?? script(short)
  }
  const posix = isUnicode ? unicodePosix(name.toUpperCase(), ignoresCase) : undefined
  return posix ?? property(name, ignoresCase)
}

/** The characters of `\p{name=value}` */
export function namedProperty(
  name: string,
  value: string,
  ignoresCase: boolean,
): CharTest | undefined {
  if (name === 'sc' || name === 'script') return script(value)
  if (name === 'blk' || name === 'block') return block(value)
  if (name === 'gc' || name === 'general_category') return property(value, ignoresCase)
  return undefined
}

/** The class of a JavaScript pattern, asked one code point at a time. */
export function charClass(source: string): CharTest {
  const pattern = new RegExp(`^[${source}]$`, 'u')
  return (char) => pattern.test(String.fromCodePoint(char))
}

const CASED = '\\p{Lowercase}\\p{Uppercase}\\p{Lt}'

const UNICODE_POSIX: Readonly<Record<string, string>> = {
  ALPHA: '\\p{Alphabetic}',
  SPACE: '\\p{Z}\\t-\\r\\u0085',
  PUNCT: '\\p{P}',
  XDIGIT: '\\p{Nd}\\p{Hex_Digit}',
  ALNUM: '\\p{Alphabetic}\\p{Nd}',
  CNTRL: '\\p{Cc}',
  DIGIT: '\\p{Nd}',
  BLANK: '\\p{Zs}\\t',
  GRAPH: '^\\p{Z}\\p{Cc}\\p{Cs}\\p{Cn}',
  PRINT: '^\\p{Zl}\\p{Zp}\\p{Cc}\\p{Cs}\\p{Cn}',
}

const UNICODE_PROPERTIES: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  ASSIGNED: '\\P{Cn}',
  CONTROL: '\\p{Cc}',
  HEXDIGIT: '\\p{Nd}\\p{Hex_Digit}',
  HEX_DIGIT: '\\p{Nd}\\p{Hex_Digit}',
  IDEOGRAPHIC: '\\p{Ideographic}',
  JOINCONTROL: '\\u200c\\u200d',
  JOIN_CONTROL: '\\u200c\\u200d',
  LETTER: '\\p{L}',
  NONCHARACTERCODEPOINT: '\\p{Noncharacter_Code_Point}',
  NONCHARACTER_CODE_POINT: '\\p{Noncharacter_Code_Point}',
  PUNCTUATION: '\\p{P}',
  WHITESPACE: '\\p{Z}\\t-\\r\\u0085',
  WHITE_SPACE: '\\p{Z}\\t-\\r\\u0085',
  WORD: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d',
}

/** Those whose letters (?i) takes for each other's. */
const CASES: Readonly<Record<string, string>> = {
  LOWER: '\\p{Lowercase}',
  UPPER: '\\p{Uppercase}',
}

const LONG_CASES: Readonly<Record<string, string>> = {
  LOWERCASE: '\\p{Lowercase}',
  UPPERCASE: '\\p{Uppercase}',
  TITLECASE: '\\p{Lt}',
}

const fromTables = (
  name: string,
  ignoresCase: boolean,
  cased: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): CharTest | undefined => {
  const found = cased[name]
  const source = found === undefined ? others[name] : ignoresCase ? CASED : found
  return source === undefined ? undefined : charClass(source)
}

const unicodePosix = (name: string, ignoresCase: boolean): CharTest | undefined =>
  fromTables(name, ignoresCase, CASES, UNICODE_POSIX)

const unicodeProperty = (name: string, ignoresCase: boolean): CharTest | undefined =>
  fromTables(name.toUpperCase(), ignoresCase, LONG_CASES, UNICODE_PROPERTIES) ??
  unicodePosix(name.toUpperCase(), ignoresCase)

const CATEGORIES =
  'Cn Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S LC'.split(
    ' ',
  )

const PROPERTIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CATEGORIES.map((name) => [name, `\\p{${name}}`])),
  LD: '\\p{L}\\p{Nd}',
  L1: '\\0-\\xff',
  all: '\\0-\\u{10ffff}',
  ASCII: '\\0-\\x7f',
  Alnum: 'a-zA-Z0-9',
  Alpha: 'a-zA-Z',
  Blank: ' \\t',
  Cntrl: '\\0-\\x1f\\x7f',
  Digit: '0-9',
  Graph: '!-~',
  Print: ' -~',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Space: '\\t-\\r ',
  XDigit: '0-9a-fA-F',
  javaAlphabetic: '\\p{Alphabetic}',
  javaIdeographic: '\\p{Ideographic}',
  javaDigit: '\\p{Nd}',
  javaDefined: '\\P{Cn}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaJavaIdentifierStart: '\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}',
  javaJavaIdentifierPart:
    '\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}\\p{Nd}\\p{Mn}\\p{Mc}\\0-\\x08\\x0e-\\x1b\\x7f-\\x9f\\p{Cf}',
  javaUnicodeIdentifierStart: '\\p{ID_Start}',
  javaUnicodeIdentifierPart: '\\p{ID_Continue}\\0-\\x08\\x0e-\\x1b\\x7f-\\x9f\\p{Cf}',
  javaIdentifierIgnorable: '\\0-\\x08\\x0e-\\x1b\\x7f-\\x9f\\p{Cf}',
  javaSpaceChar: '\\p{Z}',
  javaWhitespace: '\\t-\\r\\x1c- \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000',
  javaISOControl: '\\0-\\x1f\\x7f-\\x9f',
  javaMirrored: '\\p{Bidi_Mirrored}',
}

const CASED_PROPERTIES: Readonly<Record<string, readonly [plain: string, ignoringCase: string]>> = {
  Lu: ['\\p{Lu}', '\\p{LC}'],
  Ll: ['\\p{Ll}', '\\p{LC}'],
  Lt: ['\\p{Lt}', '\\p{LC}'],
  Lower: ['a-z', 'a-zA-Z'],
  Upper: ['A-Z', 'a-zA-Z'],
  javaLowerCase: ['\\p{Lowercase}', CASED],
  javaUpperCase: ['\\p{Uppercase}', CASED],
  javaTitleCase: ['\\p{Lt}', CASED],
}

function property(name: string, ignoresCase: boolean): CharTest | undefined {
  const source = Object.hasOwn(CASED_PROPERTIES, name)
    ? CASED_PROPERTIES[name]?.[ignoresCase ? 1 : 0]
    : Object.hasOwn(PROPERTIES, name)
      ? PROPERTIES[name]
      : undefined
  return source === undefined ? undefined : charClass(source)
}

/** Java writes names of scripts in any case. */
function script(name: string): CharTest | undefined {
  const capitalized = name.toLowerCase().replace(/(^|_)[a-z]/g, (start) => start.toUpperCase())
  if (!/^[A-Za-z_]+$/.test(name)) return undefined
  for (const one of [
    capitalized,
    name === '' ? name : `${name[0]?.toUpperCase()}${name.slice(1).toLowerCase()}`,
  ])
    try {
      return charClass(`\\p{Script=${one}}`)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  return undefined
}

/** By its name in any case, with blanks, without, or with underscores. */
function block(name: string): CharTest | undefined {
  const wanted = name.toUpperCase()
  const found = BLOCKS.find(({ names }) => names.includes(wanted))
  return found && ((char) => char >= found.first && char <= found.last)
}
