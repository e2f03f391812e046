import { utf16be, utf16le } from '../../data/charset.ts'

/** Jackson's detection of an encoding by the first four bytes (ByteSourceJsonBootstrapper): where the text begins, as UTF-8. undefined when it is none. */
export function asUtf8(bytes: Buffer): { bytes: Buffer; from: number } | undefined {
  const [first = 1, second = 1] = bytes
  if (first !== 0 && second !== 0 && first < 0xef) return { bytes, from: 0 }
  if (bytes.length < 2) return { bytes, from: 0 }
  const encoding = bytes.length < 4 ? guessOfTwo(bytes) : guessOfFour(bytes)
  if (encoding === 'weird') return undefined
  if (encoding === undefined) return { bytes, from: 0 }
  if (encoding.unit === 1) return { bytes, from: encoding.skip }
  const text = encoding.unit === 2 ? utf16Text(bytes, encoding) : utf32Text(bytes, encoding)
  return text === undefined ? undefined : { bytes: Buffer.from(text), from: 0 }
}

type Encoding = {
  /** bytes a unit */
  readonly unit: 1 | 2 | 4
  readonly isBigEndian: boolean
  /** length of the mark in front */
  readonly skip: number
}

function guessOfFour(bytes: Buffer): Encoding | 'weird' | undefined {
  const quad = bytes.readUInt32BE(0)
  const marked = MARKS.find(({ mark, bits }) => quad >>> (32 - bits) === mark)
  if (marked) return marked.encoding
  if (quad >>> 8 === 0) return { unit: 4, isBigEndian: true, skip: 0 }
  if ((quad & 0x00ffffff) === 0) return { unit: 4, isBigEndian: false, skip: 0 }
  if ((quad & ~0x00ff0000) === 0 || (quad & ~0x0000ff00) === 0) return 'weird'
  return guessOfTwo(bytes)
}

function guessOfTwo(bytes: Buffer): Encoding | undefined {
  if (bytes[0] === 0) return { unit: 2, isBigEndian: true, skip: 0 }
  return bytes[1] === 0 ? { unit: 2, isBigEndian: false, skip: 0 } : undefined
}

const MARKS: readonly { mark: number; bits: number; encoding: Encoding | 'weird' }[] = [
  { mark: 0x0000feff, bits: 32, encoding: { unit: 4, isBigEndian: true, skip: 4 } },
  { mark: 0xfffe0000, bits: 32, encoding: { unit: 4, isBigEndian: false, skip: 4 } },
  { mark: 0x0000fffe, bits: 32, encoding: 'weird' },
  { mark: 0xfeff0000, bits: 32, encoding: 'weird' },
  { mark: 0xfeff, bits: 16, encoding: { unit: 2, isBigEndian: true, skip: 2 } },
  { mark: 0xfffe, bits: 16, encoding: { unit: 2, isBigEndian: false, skip: 2 } },
  { mark: 0xefbbbf, bits: 24, encoding: { unit: 1, isBigEndian: true, skip: 3 } },
]

const utf16Text = (bytes: Buffer, { isBigEndian, skip }: Encoding): string =>
  (isBigEndian ? utf16be : utf16le).decode(bytes.subarray(skip))

/** A unit that is cut off at the end is an error, but only to who reads up to it: a letter cannot stand there either. */
function utf32Text(bytes: Buffer, { isBigEndian, skip }: Encoding): string | undefined {
  let text = ''
  for (let at = skip; at + 4 <= bytes.length; at += 4) {
    const code = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
    if (code > 0x10ffff) return undefined
    text += String.fromCodePoint(code)
  }
  return (bytes.length - skip) % 4 === 0 ? text : `${text}x`
}
