import { ConnectError } from '../errors.ts'
import type { Attributes, Key, Row, Rows } from './rows.ts'

/**
 * How rows are written, in each of them; rows without it are of the first format. It is raised when a release before could not read a
 * row any more, and only after a release that reads both: docs/upgrades.md.
 */
export const ROW_FORMAT = 1

const FORMAT = 'format'

/**
 * The same rows, each with its format, which nobody above sees. @throws ConnectError naming the row when a newer release has written it:
 * whatever is written over a row is decided by what was read, so nothing of a newer format is lost.
 */
export const formatted = (rows: Rows): Rows => ({
  async get(key) {
    const stored = await rows.get(key)
    return stored && known(key, stored)
  },

  async query(pk, prefix) {
    const found = await rows.query(pk, prefix)
    return found.map((row) => ({ ...row, attributes: known(row, row.attributes) }))
  },

  sortKeys: (pk, prefix) => rows.sortKeys(pk, prefix),

  transact: (changes) =>
    rows.transact(
      changes.map((change) => ('put' in change ? { ...change, put: marked(change.put) } : change)),
    ),

  async update(key, set, onlyIf) {
    const done = await rows.update(key, set, { ...onlyIf, [FORMAT]: ROW_FORMAT })
    if (done) return known(key, done)
    // It is not as expected, or of another format.
    const stored = await rows.get(key)
    if (!stored || stored[FORMAT] === ROW_FORMAT) return undefined
    known(key, stored)
    const older = await rows.update(key, set, { ...onlyIf, [FORMAT]: stored[FORMAT] })
    return older && known(key, older)
  },

  putAll: (all) => rows.putAll(all.map(marked)),
  removeAll: (keys) => rows.removeAll(keys),
})

const marked = ({ attributes, ...key }: Row): Row => ({
  ...key,
  attributes: { ...attributes, [FORMAT]: ROW_FORMAT },
})

function known({ pk, sk }: Key, { [FORMAT]: format = 1, ...attributes }: Attributes): Attributes {
  if (Number(format) <= ROW_FORMAT) return attributes
  throw new ConnectError(
    `Row ${sk} of ${pk} was written by a newer release, in format ${format}, and this one reads formats up to ${ROW_FORMAT}: go forward to that release again`,
  )
}
