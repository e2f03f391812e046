/** Base64 as Jackson reads it: padded, blanks between groups of four only, more groups after padding. undefined when it is none. */
export const fromBase64 = (text: string): Buffer | undefined =>
  USUAL.test(text) ? Buffer.from(text, 'base64') : groupwise(text)

const USUAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$/
const GROUP = /[\0- ]*(?:([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)|$)/y

function groupwise(text: string): Buffer | undefined {
  const groups: Buffer[] = []
  const group = new RegExp(GROUP)
  while (group.lastIndex < text.length) {
    const found = group.exec(text)
    if (found === null) return undefined
    if (found[1] !== undefined) groups.push(Buffer.from(found[1], 'base64'))
  }
  return Buffer.concat(groups)
}
