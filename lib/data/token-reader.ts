import { javaTrim } from './java-trim.ts'

/** Goes through a text token by token: the delimiters `:,{}[]"`, and what lies between two of them. */
export type TokenReader = {
  readonly hasNext: () => boolean
  /** Empty once there is none. */
  readonly next: () => string
  /** The next so many tokens as one text, which are passed then, or undefined when there are fewer. */
  readonly nextOf: (count: number) => string | undefined
  /** Whether the next token is this one; blank tokens before it are passed, unless one is the last. */
  readonly isNext: (token: string) => boolean
  /** The same, and if it is, the token is passed. */
  readonly take: (token: string) => boolean
  /** Where the reader stands, to go back to. */
  readonly mark: () => number
  readonly backTo: (mark: number) => void
}

export function tokenReader(text: string): TokenReader {
  const tokens = lazyTokens(text)
  let position = 0
  const isNext = (token: string): boolean => {
    while (isBlank(tokens(position)) && tokens(position + 1) !== undefined) position++
    return javaTrim(tokens(position) ?? '') === token
  }
  return {
    hasNext: () => tokens(position) !== undefined,
    next: () => tokens(position++) ?? '',
    nextOf: (count) => {
      if (tokens(position + count - 1) === undefined) return undefined
      let found = ''
      for (const end = position + count; position < end; position++) found += tokens(position)
      return found
    },
    isNext,
    take: (token) => {
      const isIt = isNext(token)
      if (isIt) position++
      return isIt
    },
    mark: () => position,
    backTo: (mark) => {
      position = mark
    },
  }
}

export const isBlank = (token: string | undefined): boolean =>
  token !== undefined && javaTrim(token) === ''

/** The token of an index; a text is cut only as far as it is asked for. */
function lazyTokens(text: string): (index: number) => string | undefined {
  const tokens: string[] = []
  let cutTo = 0
  return (index) => {
    while (tokens.length <= index && cutTo < text.length) {
      const end = tokenEnd(text, cutTo)
      tokens.push(text.slice(cutTo, end))
      cutTo = end
    }
    return tokens[index]
  }
}

const DELIMITERS: ReadonlySet<string> = new Set(':,{}[]"')

/** After a backslash a delimiter is none; both stay in the token. */
function tokenEnd(text: string, start: number): number {
  if (DELIMITERS.has(text.charAt(start))) return start + 1
  let at = start
  while (at < text.length && !DELIMITERS.has(text.charAt(at))) at += text[at] === '\\' ? 2 : 1
  return Math.min(at, text.length)
}
