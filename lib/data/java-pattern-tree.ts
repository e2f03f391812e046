/** Whether a code point belongs to a class of characters. */
export type CharTest = (char: number) => boolean

/** How letters are compared: as they are, by ASCII, or by Unicode's simple case mapping. */
export type Folding = 'none' | 'ascii' | 'unicode'

/** Whether a place between characters is one that is asked for. */
export type PlaceTest = (text: string, at: number) => boolean

/** What a pattern means. */
export type Tree =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'slice'; readonly codes: readonly number[]; readonly folding: Folding }
  | { readonly kind: 'place'; readonly test: PlaceTest }
  | { readonly kind: 'lineEnding' }
  | { readonly kind: 'reference'; readonly group: number; readonly folding: Folding }
  | { readonly kind: 'sequence'; readonly items: readonly Tree[] }
  | { readonly kind: 'branch'; readonly items: readonly Tree[] }
  | Group
  | { readonly kind: 'atomic'; readonly body: Tree }
  | { readonly kind: 'ahead'; readonly body: Tree; readonly isNegative: boolean }
  | Behind
  | Repeat

/** `group` is 0 where nothing is captured. */
export type Group = { readonly kind: 'group'; readonly group: number; readonly body: Tree }

/** `least` and `most` characters before the place. */
export type Behind = {
  readonly kind: 'behind'
  readonly body: Tree
  readonly isNegative: boolean
  readonly least: number
  readonly most: number
}

export type Repeat = {
  readonly kind: 'repeat'
  readonly body: Tree
  readonly least: number
  readonly most: number
  readonly greed: 'greedy' | 'lazy' | 'possessive'
}

/** Java's word for no limit. */
export const UNLIMITED = 0x7fffffff

export const isOptional = ({ least, most }: Repeat): boolean => least === 0 && most === 1

/** Character.toUpperCase: a letter stays one letter. */
export const upperCase = (char: number): number => oneLetter(char, asText(char).toUpperCase())

/** Character.toLowerCase */
export const lowerCase = (char: number): number =>
  char === CAPITAL_I_WITH_DOT ? 0x69 : oneLetter(char, asText(char).toLowerCase())

const CAPITAL_I_WITH_DOT = 0x130

const asText = (char: number): string => String.fromCodePoint(char)

function oneLetter(char: number, mapped: string): number {
  const first = mapped.codePointAt(0) ?? char
  return mapped.length === asText(first).length ? first : char
}

export function folded(char: number, folding: Folding): number {
  if (folding === 'none') return char
  if (folding === 'ascii') return char >= 0x41 && char <= 0x5a ? char + 0x20 : char
  return lowerCase(upperCase(char))
}
