import { randomUUID } from 'node:crypto'
import { RetriableError } from '../errors.ts'
import type { Changed, ChangeIndex, Clock } from '../ports.ts'
import { isName } from './connector-name.ts'
import { CHANGE_PKS, changeKey } from './keys.ts'
import type { Attributes, Change, Row, Rows } from './rows.ts'

type Now = Pick<Clock, 'now'>

/** Goes into the transaction that changes something about the connector: due at once, whatever entry there was. */
export const entering = (connector: string, clock: Now): Change => ({
  put: rowOf(newEntry(connector, clock)),
})

/** A row a connector, in shards of their own; settled connectors have none. */
export const changeRows = (rows: Rows, clock: Now): ChangeIndex => {
  const get = async (connector: string): Promise<Changed | undefined> => {
    const key = changeKey(connector)
    const attributes = isName(connector) && (await rows.get(key))
    return attributes ? changedOf({ ...key, attributes }) : undefined
  }
  return {
    get,

    async all() {
      const shards = await Promise.all(CHANGE_PKS.map((pk) => rows.query(pk, '')))
      return shards.flat().map(changedOf)
    },

    async enter(connector) {
      for (let looks = 0; looks < MAX_LOOKS; looks++) {
        const entry = newEntry(connector, clock)
        if (await rows.transact([{ put: rowOf(entry), onlyIf: 'absent' }])) return entry
        const there = await get(connector)
        if (there) return there
      }
      throw new RetriableError(`The change of ${connector} is entered and settled again and again`)
    },

    async keep({ connector, token }, { dueAt, attempts }) {
      const put = rowOf({ ...newEntry(connector, clock), dueAt, attempts })
      if (await rows.transact([{ put, onlyIf: { token } }])) return
      await rows.transact([{ put, onlyIf: 'absent' }])
    },

    async settle({ connector, token }) {
      await rows.transact([{ remove: changeKey(connector), onlyIf: { token } }])
    },
  }
}

const MAX_LOOKS = 10

const newEntry = (connector: string, clock: Now): Changed => ({
  connector,
  token: randomUUID(),
  dueAt: 0,
  since: clock.now(),
  attempts: 0,
})

const rowOf = ({ connector, ...attributes }: Changed): Row => ({
  ...changeKey(connector),
  attributes,
})

const changedOf = ({ sk, attributes }: Row): Changed => ({
  connector: sk,
  // Written by this file alone.
  ...(attributes as Attributes & Omit<Changed, 'connector'>),
})
