/**
 * What the stores ask of the one table: rows of scalars under a partition key and a sort key, changed under conditions.
 * Met twice: DynamoDB here, node:sqlite in `lib/local`. Sort keys are ordered by their UTF-8 bytes.
 */
export type Scalar = string | number | boolean
export type Attributes = Readonly<Record<string, Scalar>>
export type Key = { readonly pk: string; readonly sk: string }
export type Row = Key & { readonly attributes: Attributes }

/** These attributes of the row have these values; undefined = the row exists without this attribute. */
export type Expected = Readonly<Record<string, Scalar | undefined>>
/** What must hold of a row: that there is none, or that it is as expected. */
export type Condition = 'absent' | Expected

export type Change =
  | { readonly put: Row; readonly onlyIf?: Condition }
  | { readonly remove: Key; readonly onlyIf?: Condition }
  | { readonly check: Key; readonly onlyIf: Condition }

/** Reads see every write that was answered before. @throws RetriableError when the table does not answer or is overloaded. */
export type Rows = {
  get(key: Key): Promise<Attributes | undefined>
  /** All rows whose sort key begins with the prefix, in the order of their sort keys. */
  query(pk: string, prefix: string): Promise<Row[]>
  /** Their sort keys alone. */
  sortKeys(pk: string, prefix: string): Promise<string[]>
  /**
   * One transaction: all of it, or nothing and false when a condition does not hold. At most 100 changes, 4 MB, and each row once.
   * A reply that got lost makes no false answer. @throws RetriableError when it is not known whether it took place.
   */
  transact(changes: readonly Change[]): Promise<boolean>
  /**
   * Sets attributes of one row and gives it back as it is then; undefined, and nothing changed, when it is not as expected.
   * May be carried out twice when a reply gets lost: what it sets must leave its condition true, or its answer unneeded.
   */
  update(key: Key, set: Attributes, onlyIf: Expected): Promise<Attributes | undefined>
  /** Unconditionally, any number, in no order; when it throws, some may be there. */
  putAll(rows: readonly Row[]): Promise<void>
  removeAll(keys: readonly Key[]): Promise<void>
}

/** How many rows a transaction may change or check. */
export const MAX_CHANGES = 100

export function chunksOf<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size)
  return Array.from({ length: count }, (_, at) => all.slice(at * size, (at + 1) * size))
}
