import type { ActiveTopics } from '../ports.ts'
import { connectorPk, TOPIC, targetKey, topicPrefix } from './keys.ts'
import { type Change, chunksOf, MAX_CHANGES, type Rows } from './rows.ts'

/** A row a topic, which holds nothing but its key. What a late invocation adds to a past reset stands under a prefix that nobody reads. */
export const topicRows = (rows: Rows): ActiveTopics => ({
  async read(connector, reset) {
    const prefix = topicPrefix(reset)
    const found = await rows.sortKeys(connectorPk(connector), prefix)
    return found.map((sk) => sk.slice(prefix.length))
  },

  async add(connector, reset, topics) {
    // A row that came after its connector had been cleared away would stay for ever.
    const lives: Change = { check: targetKey(connector), onlyIf: { deleted: false } }
    const puts = [...new Set(topics)].map(
      (topic): Change => ({
        put: {
          pk: connectorPk(connector),
          sk: `${topicPrefix(reset)}${topic}`,
          attributes: {},
        },
      }),
    )
    for (const chunk of chunksOf(puts, MAX_CHANGES - 1)) await rows.transact([lives, ...chunk])
  },

  async forgetBefore(connector, reset) {
    const pk = connectorPk(connector)
    const all = await rows.sortKeys(pk, TOPIC)
    const current = topicPrefix(reset)
    await rows.removeAll(all.filter((sk) => sk < current).map((sk) => ({ pk, sk })))
  },
})
