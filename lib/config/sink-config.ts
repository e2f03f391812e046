import { type ConfigDef, javaTrim, type RawConfig, splitList } from './config-def.ts'
import { commonConfig, type Messages } from './connector-config.ts'

/** The keys that every sink connector has. */
export const sinkConfig = {
  ...commonConfig,
  topics: {
    type: 'list',
    importance: 'high',
    default: [],
    doc: 'The topics to read, comma-separated.',
    refuse: refuseTopics,
    group: 'Common',
    orderInGroup: 4,
    width: 'long',
    displayName: 'Topics',
  },
  'topics.regex': {
    type: 'string',
    importance: 'high',
    default: '',
    doc: 'Pattern of the names of the topics to read; it must match a name as a whole. Given in place of topics.',
    refuse: refusePattern,
    group: 'Common',
    orderInGroup: 4,
    width: 'long',
    displayName: 'Topics regex',
  },
  'errors.deadletterqueue.topic.name': {
    type: 'string',
    importance: 'medium',
    default: '',
    doc: 'The topic that takes the records which cannot be processed. Empty: there is none.',
    group: 'Error Handling',
    orderInGroup: 6,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Name',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'short',
    importance: 'medium',
    default: 3,
    doc: 'How many brokers keep the dead letter queue topic, when it has to be created.',
    group: 'Error Handling',
    orderInGroup: 7,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Replication Factor',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'boolean',
    importance: 'medium',
    default: false,
    doc: 'Whether a record in the dead letter queue has headers that say what failed; their names begin with __connect.errors.',
    group: 'Error Handling',
    orderInGroup: 8,
    width: 'medium',
    displayName: 'Enable Error Context Headers',
  },
} as const satisfies ConfigDef

// ConfigDef.ValidList says these as whole messages.
function refuseTopics(topics: readonly string[] | null) {
  if (topics === null) return { message: "Configuration 'topics' values must not be null." }
  if (new Set(topics).size < topics.length)
    return { message: "Configuration 'topics' values must not be duplicated." }
  return topics.includes('')
    ? { message: "Configuration 'topics' values must not be empty." }
    : undefined
}

function refusePattern(pattern: string | null): string | undefined {
  if (pattern === null) return 'entry must be non null'
  const compiled = compile(pattern)
  return compiled instanceof RegExp ? undefined : `Invalid regex: ${compiled.fault}`
}

function compile(pattern: string): RegExp | { readonly fault: string } {
  try {
    return new RegExp(`^(?:${pattern})$`)
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

/** The rules of a sink's topics, dead letter queue and consumer group. `groupId` is the worker's own. */
export function validateSink(config: RawConfig, groupId: string): Messages {
  const group = config['consumer.override.group.id']
  const own = `connect-${config.name}`
  return {
    ...topicMessages(config),
    ...(own === groupId && {
      name: [
        `Consumer group for sink connector named ${config.name} conflicts with Connect worker group ${groupId}`,
      ],
    }),
    ...(group === groupId && {
      'consumer.override.group.id': [
        `Consumer group ${group} conflicts with Connect worker group ${groupId}`,
      ],
    }),
  }
}

function topicMessages(config: RawConfig): Messages {
  const [list, pattern] = [given(config.topics), given(config['topics.regex'])]
  if (list && pattern)
    return both('topics and topics.regex are mutually exclusive options, but both are set.')
  if (!list && !pattern) return both('Must configure one of topics or topics.regex')
  const dlq = given(config['errors.deadletterqueue.topic.name'])
  const topics = splitList(list)
  if (dlq && topics.includes(dlq))
    return {
      topics: [
        `The DLQ topic '${dlq}' may not be included in the list of topics ('topics=[${topics.join(', ')}]') consumed by the connector`,
      ],
    }
  const compiled = pattern && compile(pattern)
  if (dlq && compiled instanceof RegExp && compiled.test(dlq))
    return {
      'topics.regex': [
        `The DLQ topic '${dlq}' may not be matched by the regex for the topics ('topics.regex=${pattern}') consumed by the connector`,
      ],
    }
  return {}
}

const given = (text: string | null | undefined): string => javaTrim(text ?? '')

const both = (message: string): Messages => ({ topics: [message], 'topics.regex': [message] })
