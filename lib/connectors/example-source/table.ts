import type { OffsetMap, SourceRecord } from '../../data/record.ts'
import { ConnectError, type DataError } from '../../errors.ts'
import { type Reading, sameColumns } from '../mysql/columns.ts'
import type { MysqlConnection, Page } from '../mysql/connection.ts'
import { describeQuery, pageQuery } from './query.ts'
import { type Layout, layoutOf, recordsOf, remarksOn } from './records.ts'

export type Table = {
  /** The next rows, none when there are no new ones. @throws DataError for a row that does not fit, once those before it were given. */
  page(): Promise<readonly SourceRecord[]>
  /** Whether the last page was all that there was. */
  readAll(): boolean
}

export type TableSettings = {
  readonly connection: MysqlConnection
  readonly reading: Reading
  readonly limit: number
  readonly warn: (message: string) => void
}

export const partitionOf = (table: string): OffsetMap => ({ currentTable: table })

/** Looks at the table and goes on after the stored offset. @throws ConnectError when it is not there, or cannot be read by id. */
export async function openTable(
  name: string,
  stored: OffsetMap | undefined,
  { connection, reading, limit, warn }: TableSettings,
): Promise<Table> {
  const partition = partitionOf(name)
  const doing = `Reading table ${name} of`
  let after = positionOf(name, stored)
  let layout = learn((await connection.read({ ...describeQuery(name), doing })).columns)
  let failed: DataError | undefined
  let wasFull = false

  return {
    async page() {
      if (failed) throw failed
      const { rows } = await readPage()
      wasFull = rows.length >= limit
      const { records, failure } = recordsOf(rows, name, partition, layout)
      failed = failure
      if (failed && records.length === 0) throw failed
      // A record's position is an integer.
      after = (records.at(-1)?.sourceOffset['position'] as bigint | undefined) ?? after
      return records
    },
    readAll: () => !wasFull,
  }

  /** A page whose columns are those of `layout`. */
  async function readPage(): Promise<Page> {
    const { asBytes, isIdUnique } = layout
    const query = pageQuery(name, after, { limit, isUnique: isIdUnique })
    const page = await connection.read({ ...query, doing, asBytes })
    if (sameColumns(page.columns, layout.columns)) return page
    layout = learn(page.columns)
    return layout.asBytes === asBytes && layout.isIdUnique === isIdUnique ? page : readPage()
  }

  function learn(columns: Page['columns']): Layout {
    const learned = layoutOf(name, columns, reading)
    for (const remark of remarksOn(name, learned)) warn(remark)
    return learned
  }
}

/** @throws ConnectError for an offset that no such connector stored. */
function positionOf(table: string, stored: OffsetMap | undefined): bigint | undefined {
  const position = stored?.['position']
  if (stored === undefined) return undefined
  if (typeof position === 'bigint') return position
  if (typeof position === 'number' && Number.isSafeInteger(position)) return BigInt(position)
  throw new ConnectError(
    `The stored offset of table ${table} has no integer position: ${String(position)}`,
  )
}
