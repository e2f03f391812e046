import type { ActiveTopics } from '../ports.ts'
import { connectorPk, TOPIC, topicPrefix } from './keys.ts'
import type { Rows } from './rows.ts'

/** A row a topic, which holds nothing but its key. What a late invocation adds to a past reset stands under a prefix that nobody reads. */
export const topicRows = (rows: Rows): ActiveTopics => ({
  async read(connector, reset) {
    const prefix = topicPrefix(reset)
    const found = await rows.sortKeys(connectorPk(connector), prefix)
    return found.map((sk) => sk.slice(prefix.length))
  },

  add: (connector, reset, topics) =>
    rows.putAll(
      [...new Set(topics)].map((topic) => ({
        pk: connectorPk(connector),
        sk: `${topicPrefix(reset)}${topic}`,
        attributes: {},
      })),
    ),

  async forgetBefore(connector, reset) {
    const pk = connectorPk(connector)
    const all = await rows.sortKeys(pk, TOPIC)
    const current = topicPrefix(reset)
    await rows.removeAll(all.filter((sk) => sk < current).map((sk) => ({ pk, sk })))
  },
})
