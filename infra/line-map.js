/**
 * A source map that tells lines and no columns, since Node reads the maps of all that it loads. Of a package only the file is told.
 * Sources are named by `nameOf`.
 * @returns undefined where all is packages'
 */
export function lineMap({ version, sources, mappings }, nameOf) {
  const names = sources.map(nameOf)
  const isPackage = names.map((name) => name.includes('node_modules/'))
  if (!isPackage.includes(false)) return undefined
  const kept = []
  for (const line of decoded(mappings)) {
    let before
    kept.push(
      line.filter(({ source, sourceLine }) => {
        const place = isPackage[source] ? `${source}` : `${source}:${sourceLine}`
        if (place === before) return false
        before = place
        return true
      }),
    )
  }
  return { version, sources: names, names: [], mappings: encoded(kept) }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** By line of the generated file: where in it something begins, and where that came from. */
function decoded(mappings) {
  let [source, sourceLine, sourceColumn] = [0, 0, 0]
  return mappings.split(';').map((line) => {
    let column = 0
    return line.split(',').flatMap((segment) => {
      const [columns, ...from] = numbersOf(segment)
      column += columns ?? 0
      if (from.length < 3) return []
      source += from[0]
      sourceLine += from[1]
      sourceColumn += from[2]
      return [{ column, source, sourceLine, sourceColumn }]
    })
  })
}

function encoded(lines) {
  let before = { source: 0, sourceLine: 0, sourceColumn: 0 }
  const texts = lines.map((segments) => {
    let column = 0
    const line = segments.map((segment) => {
      const text = [
        segment.column - column,
        segment.source - before.source,
        segment.sourceLine - before.sourceLine,
        segment.sourceColumn - before.sourceColumn,
      ].map(textOf)
      column = segment.column
      before = segment
      return text.join('')
    })
    return line.join(',')
  })
  return texts.join(';')
}

/** Base 64 digits of five bits each, the lowest first, and a sixth for "more follow"; the lowest bit of a number is its sign. */
function numbersOf(text) {
  const numbers = []
  let [value, bits] = [0, 0]
  for (const char of text) {
    const digit = DIGITS.indexOf(char)
    value |= (digit & 31) << bits
    bits += 5
    if (digit & 32) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    value = 0
    bits = 0
  }
  return numbers
}

function textOf(number) {
  let left = number < 0 ? (-number << 1) | 1 : number << 1
  let text = ''
  do {
    const digit = left & 31
    left >>>= 5
    text += DIGITS[left > 0 ? digit | 32 : digit]
  } while (left > 0)
  return text
}
