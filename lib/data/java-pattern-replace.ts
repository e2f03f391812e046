import { IllegalArgumentError, IndexOutOfBoundsError } from '../errors.ts'

/** What a match has found. */
export type Found = {
  readonly text: string
  /** start and end of each group, -1 where it has none */
  readonly groups: readonly number[]
  readonly names: ReadonlyMap<string, number>
}

/**
 * A replacement with `$1`, `${name}` and escapes written out, as Matcher.appendReplacement does.
 * @throws IllegalArgumentError when it is wrong. @throws IndexOutOfBoundsError when it names a group by a number that the pattern does not have.
 */
export function expandReplacement(replacement: string, found: Found): string {
  let result = ''
  for (let at = 0; at < replacement.length; ) {
    const char = replacement[at]
    if (char === '\\') {
      if (at + 1 === replacement.length)
        throw new IllegalArgumentError('character to be escaped is missing')
      result += replacement[at + 1]
      at += 2
    } else if (char === '$') {
      const { group, end } = readGroup(replacement, at + 1, found)
      result += textOf(found, group)
      at = end
    } else {
      result += char
      at++
    }
  }
  return result
}

type Named = { readonly group: number; readonly end: number }

function readGroup(replacement: string, at: number, found: Found): Named {
  if (at === replacement.length)
    throw new IllegalArgumentError('Illegal group reference: group index is missing')
  return replacement[at] === '{'
    ? readName(replacement, at + 1, found)
    : readNumber(replacement, at, found)
}

function readName(replacement: string, start: number, { names }: Found): Named {
  const name = /^[a-zA-Z0-9]*/.exec(replacement.slice(start))?.[0] ?? ''
  const end = start + name.length
  if (name === '' || replacement[end] !== '}')
    throw new IllegalArgumentError("named capturing group is missing trailing '}'")
  if (/^\d/.test(name))
    throw new IllegalArgumentError(`capturing group name {${name}} starts with digit character`)
  const group = names.get(name)
  if (group === undefined) throw new IllegalArgumentError(`No group with name {${name}}`)
  return { group, end: end + 1 }
}

/** As many digits as there are groups for; the first one always counts. */
function readNumber(replacement: string, start: number, { groups }: Found): Named {
  const digit = (at: number) => /^\d$/.test(replacement[at] ?? '')
  if (!digit(start)) throw new IllegalArgumentError('Illegal group reference')
  let group = Number(replacement[start])
  let end = start + 1
  for (; digit(end); end++) {
    const longer = group * 10 + Number(replacement[end])
    if (2 * longer >= groups.length) break
    group = longer
  }
  return { group, end }
}

function textOf({ text, groups }: Found, group: number): string {
  const [start, end] = [groups[2 * group], groups[2 * group + 1]]
  if (start === undefined || end === undefined) throw new IndexOutOfBoundsError(`No group ${group}`)
  return start < 0 ? '' : text.slice(start, end)
}
