/** The kinds of conformance vectors that there are answers to. */
export const KINDS = ['converters', 'transforms', 'predicates', 'partitioner'] as const

export type Kind = (typeof KINDS)[number]

export const isKind = (word: string | undefined): word is Kind =>
  KINDS.some((kind) => kind === word)
