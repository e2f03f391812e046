import { below, pick, type Random } from './generate.ts'

const PIECES = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  '.',
  'e',
  '\\',
  ' ',
  '\xff',
  '\xc3',
  '\0',
]

const WORDS = [
  'null',
  'true',
  '1.5',
  '"x"',
  '[]',
  '{}',
  '-0',
  '1e400',
  '"\\ud800"',
  '12345678901234567890',
]

/** Bytes of a message, changed in one place. */
export function mutated(random: Random, bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const at = below(random, text.length)
  const changes = [
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + pick(random, PIECES) + text.slice(at),
    () => text.slice(0, at) + String.fromCharCode(below(random, 256)) + text.slice(at + 1),
    () => text.slice(0, at),
    () => `${text.slice(0, text.indexOf('"payload":') + 10)}${pick(random, WORDS)}}`,
    () => text.replace(/:(?:-?[\d.]+|true|false|null|"[^"]*")/, `:${pick(random, WORDS)}`),
  ]
  return Buffer.from(pick(random, changes)(), 'latin1')
}

/** At random, some only of bytes that text is made of. */
export function bytesFrom(random: Random, most: number): Buffer {
  const limit = random() < 0.5 ? 256 : 128
  return Buffer.from(Array.from({ length: below(random, most) }, () => below(random, limit)))
}
