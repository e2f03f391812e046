import type { Statement } from '../mysql/connection.ts'

type Query = Pick<Statement, 'sql' | 'parameters'>

/** No row, but a description of the columns. */
export const describeQuery = (table: string): Query => ({
  sql: `SELECT * FROM ${quoted(table)} LIMIT 0`,
  parameters: [],
})

export type Paging = {
  readonly limit: number
  /** no two rows have the same id */
  readonly isUnique: boolean
}

/**
 * The next rows in the order of id, from the first one on where `after` is undefined.
 * Where ids repeat, all rows of the last one belong to the page, however many they are.
 */
export function pageQuery(table: string, after: bigint | undefined, paging: Paging): Query {
  const from = quoted(table)
  // CAST, since an id that is compared with text would be rounded to a double.
  const further = after === undefined ? '`id` IS NOT NULL' : '`id` > CAST(? AS SIGNED)'
  const parameters = after === undefined ? [] : [String(after)]
  const limit = `ORDER BY \`id\` ASC LIMIT ${paging.limit}`
  if (paging.isUnique) return { sql: `SELECT * FROM ${from} WHERE ${further} ${limit}`, parameters }
  const last = `SELECT MAX(\`id\`) FROM (SELECT \`id\` FROM ${from} WHERE ${further} ${limit}) AS page`
  return {
    sql: `SELECT * FROM ${from} WHERE ${further} AND \`id\` <= (${last}) ORDER BY \`id\` ASC`,
    parameters: [...parameters, ...parameters],
  }
}

/** `table` or `database.table`. */
export const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `\`${part.replaceAll('`', '``')}\``)
    .join('.')
