import { SerializationError } from '../errors.ts'

/** Text and bytes as Java's String converts them: what does not fit becomes `?` on the way out and U+FFFD on the way in. */
export type Charset = {
  readonly encode: (text: string) => Buffer
  readonly decode: (bytes: Buffer) => string
}

/** By Java's name or alias, in any case. @throws SerializationError for another than the six that every Java has. */
export function charsetOf(name: string): Charset {
  const wanted = name.toLowerCase()
  const found = CHARSETS.find(({ names }) => names.includes(wanted))
  if (found === undefined) throw new SerializationError(`Unsupported encoding ${name}`)
  return found.charset
}

const utf8: Charset = {
  encode: (text) =>
    Buffer.from(text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '?'), 'utf8'),
  decode: (bytes) => {
    const text = bytes.toString('utf8')
    return text.includes('\ufffd') ? withoutSurrogates(bytes).toString('utf8') : text
  },
}

/** Java takes a surrogate, or what begins as one, for one malformed character and not for one a byte. */
const withoutSurrogates = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes.toString('latin1').replace(/\xed[\xa0-\xbf][\x80-\xbf]?/g, '\xef\xbf\xbd'),
    'latin1',
  )

const latin1: Charset = {
  encode: (text) => Buffer.from(text.replace(/[^\0-\xff]/gu, '?'), 'latin1'),
  decode: (bytes) => bytes.toString('latin1'),
}

const ascii: Charset = {
  encode: (text) => Buffer.from(text.replace(/[^\0-\x7f]/gu, '?'), 'latin1'),
  decode: (bytes) => bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd'),
}

export const utf16le: Charset = {
  encode: (text) => Buffer.from(text.toWellFormed(), 'utf16le'),
  decode: (bytes) => {
    const odd = bytes.length % 2 === 0 ? '' : '\ufffd'
    const text = bytes.toString('utf16le') + odd
    return text.replace(UNPAIRED, (found) => (isPair(found) ? found : '\ufffd'))
  },
}

/** A high surrogate takes what follows it along. */
const UNPAIRED = /[\ud800-\udbff][\s\S]?|[\udc00-\udfff]/g

const isPair = (text: string): boolean => /^[\ud800-\udbff][\udc00-\udfff]$/.test(text)

export const utf16be: Charset = {
  encode: (text) => utf16le.encode(text).swap16(),
  decode: (bytes) => {
    const even = Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
    return utf16le.decode(Buffer.concat([even, bytes.subarray(even.length)]))
  },
}

const BIG_ENDIAN_MARK = Buffer.from([0xfe, 0xff])
const LITTLE_ENDIAN_MARK = Buffer.from([0xff, 0xfe])

const utf16: Charset = {
  encode: (text) =>
    text === '' ? Buffer.alloc(0) : Buffer.concat([BIG_ENDIAN_MARK, utf16be.encode(text)]),
  decode: (bytes) => {
    const mark = bytes.subarray(0, 2)
    if (mark.equals(LITTLE_ENDIAN_MARK)) return utf16le.decode(bytes.subarray(2))
    return utf16be.decode(mark.equals(BIG_ENDIAN_MARK) ? bytes.subarray(2) : bytes)
  },
}

const LATIN1_NAMES =
  'iso-8859-1 iso8859_1 iso_8859_1 iso_8859-1 iso8859-1 iso_8859-1:1987 8859_1 latin1 l1 iso-ir-100 ibm819 ibm-819 cp819 819 csisolatin1'
const ASCII_NAMES =
  'us-ascii ascii ascii7 iso646-us iso_646.irv:1991 iso_646.irv:1983 iso-ir-6 ansi_x3.4-1968 ansi_x3.4-1986 us ibm367 cp367 csascii 646 default'

const CHARSETS: readonly { names: readonly string[]; charset: Charset }[] = [
  { names: ['utf-8', 'utf8', 'unicode-1-1-utf-8'], charset: utf8 },
  { names: LATIN1_NAMES.split(' '), charset: latin1 },
  { names: ASCII_NAMES.split(' '), charset: ascii },
  { names: ['utf-16', 'utf_16', 'utf16', 'unicode', 'unicodebig'], charset: utf16 },
  {
    names: ['utf-16be', 'utf_16be', 'x-utf-16be', 'iso-10646-ucs-2', 'unicodebigunmarked'],
    charset: utf16be,
  },
  { names: ['utf-16le', 'utf_16le', 'x-utf-16le', 'unicodelittleunmarked'], charset: utf16le },
]
