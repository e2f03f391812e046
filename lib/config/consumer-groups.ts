/** Which consumer groups the topics of a sink connector are read by. */
import type { RawConfig } from './config-def.ts'

export const topicsOf = (config: RawConfig): string[] =>
  [...new Set((config.topics ?? '').split(',').map((topic) => topic.trim()))].filter(
    (topic) => topic !== '',
  )

/**
 * Kafka Connect's group for a sink of one topic; a mapping has one topic and a group of its own, so more topics need more groups.
 * What is told of a topic that the connector does not read stays with Kafka Connect's group.
 */
export const groupOf = (connector: string, topics: readonly string[], topic: string): string =>
  topics.length > 1 && topics.includes(topic)
    ? `connect-${connector}-${topic}`
    : `connect-${connector}`

/** All of a connector: Kafka Connect's own, which may hold offsets of topics that it read once, and one for each topic that has its own. */
export const groupsOf = (connector: string, topics: readonly string[]): string[] => [
  ...new Set([`connect-${connector}`, ...topics.map((topic) => groupOf(connector, topics, topic))]),
]

/**
 * Another connector that reads a topic by `connect-<connector>`, which is also the group of topic `b` of a connector `a` where this one is
 * called `a-b`. `known`: those there are, whose configuration is asked for.
 */
export async function otherReader(
  connector: string,
  known: ReadonlySet<string>,
  configOf: (other: string) => Promise<RawConfig | undefined>,
): Promise<{ readonly connector: string; readonly topic: string } | undefined> {
  for (let at = connector.indexOf('-'); at >= 0; at = connector.indexOf('-', at + 1)) {
    const [other, topic] = [connector.slice(0, at), connector.slice(at + 1)]
    const topics = known.has(other) ? topicsOf((await configOf(other)) ?? {}) : []
    if (topics.length > 1 && topics.includes(topic)) return { connector: other, topic }
  }
  return undefined
}
