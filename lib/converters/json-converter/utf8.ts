/** UTF-8 as Jackson reads it: overlong forms pass. undefined when it is malformed even so. */
export function decodeUtf8(bytes: Buffer, from: number, to: number): string | undefined {
  const text = bytes.toString('utf8', from, to)
  return text.includes('\ufffd') ? decodeLeniently(bytes, from, to) : text
}

function decodeLeniently(bytes: Buffer, from: number, to: number): string | undefined {
  let text = ''
  for (let at = from; at < to; ) {
    const lead = bytes[at++] ?? 0
    const more = followers(lead)
    if (more === undefined || at + more > to) return undefined
    let code = lead & (more === 0 ? 0x7f : 0x3f >> more)
    for (const end = at + more; at < end; at++) {
      const byte = bytes[at] ?? 0
      if ((byte & 0xc0) !== 0x80) return undefined
      code = (code << 6) | (byte & 0x3f)
    }
    if (more === 2 && (code & 0xf800) === 0xd800) return undefined
    text += more === 3 ? pair(code - 0x10000) : String.fromCharCode(code)
  }
  return text
}

/** How many bytes follow this one in its character. */
function followers(lead: number): number | undefined {
  if (lead < 0x80) return 0
  if ((lead & 0xe0) === 0xc0) return 1
  if ((lead & 0xf0) === 0xe0) return 2
  return (lead & 0xf8) === 0xf0 ? 3 : undefined
}

/** Also of what is out of range, cut to 16 bits each, as Java's `(char)` does. */
const pair = (code: number): string =>
  String.fromCharCode((0xd800 | (code >> 10)) & 0xffff, 0xdc00 | (code & 0x3ff))
