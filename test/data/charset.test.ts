import assert from 'node:assert/strict'
import { test } from 'node:test'
import { charsetOf } from '../../lib/data/charset.ts'

const DECODED: readonly { charset: string; hex: string; text: string }[] = [
  { charset: 'UTF-8', hex: 'eda080', text: '\ufffd' },
  { charset: 'UTF-8', hex: 'eda041', text: '\ufffdA' },
  { charset: 'UTF-8', hex: 'f09f9880', text: '😀' },
  { charset: 'UTF-8', hex: 'efbfbd', text: '\ufffd' },
  { charset: 'UTF-16', hex: 'feff0041', text: 'A' },
  { charset: 'UTF-16', hex: 'fffe4100', text: 'A' },
  { charset: 'UTF-16', hex: '0041d83d', text: 'A\ufffd' },
  { charset: 'UTF-16LE', hex: '3dd84100', text: '\ufffd' },
  { charset: 'ascii', hex: '4180', text: 'A\ufffd' },
  { charset: 'latin1', hex: 'e9', text: 'é' },
]

for (const { charset, hex, text } of DECODED)
  test(`${charset} reads ${hex} as Java does`, () => {
    assert.equal(charsetOf(charset).decode(Buffer.from(hex, 'hex')), text)
  })

const ENCODED: readonly { charset: string; text: string; hex: string }[] = [
  { charset: 'utf8', text: 'a\ud800b', hex: '613f62' },
  { charset: 'ISO-8859-1', text: 'é你😀', hex: 'e93f3f' },
  { charset: 'US-ASCII', text: 'é', hex: '3f' },
  { charset: 'UTF-16', text: 'A', hex: 'feff0041' },
  { charset: 'UTF-16', text: '', hex: '' },
  { charset: 'UTF-16BE', text: '\udc00', hex: 'fffd' },
]

for (const { charset, text, hex } of ENCODED)
  test(`${charset} writes ${JSON.stringify(text)} as Java does`, () => {
    assert.equal(charsetOf(charset).encode(text).toString('hex'), hex)
  })

test('another encoding is refused by name', () => {
  assert.throws(() => charsetOf('nope'), {
    name: 'SerializationException',
    message: 'Unsupported encoding nope',
  })
})
