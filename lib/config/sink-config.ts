import { javaPattern } from '../data/java-pattern.ts'
import { type ConfigDef, javaTrim, type RawConfig, splitList } from './config-def.ts'
import { commonConfig, type Messages } from './connector-config.ts'
import { distinctItems } from './valid-list.ts'
import { refuseRegex } from './valid-regex.ts'

/** The keys that every sink connector has. */
export const sinkConfig = {
  ...commonConfig,
  topics: {
    type: 'list',
    importance: 'high',
    default: [],
    doc: 'List of topics to consume, separated by commas',
    ...distinctItems('topics'),
    group: 'Common',
    orderInGroup: 4,
    width: 'long',
    displayName: 'Topics',
  },
  'topics.regex': {
    type: 'string',
    importance: 'high',
    default: '',
    doc: 'Regular expression giving topics to consume. Under the hood, the regex is compiled to a <code>java.util.regex.Pattern</code>. Only one of topics or topics.regex should be specified.',
    refuse: refuseRegex,
    group: 'Common',
    orderInGroup: 4,
    width: 'long',
    displayName: 'Topics regex',
  },
  'errors.deadletterqueue.topic.name': {
    type: 'string',
    importance: 'medium',
    default: '',
    doc: 'The name of the topic to be used as the dead letter queue (DLQ) for messages that result in an error when processed by this sink connector, or its transformations or converters. The topic name is blank by default, which means that no messages are to be recorded in the DLQ.',
    group: 'Error Handling',
    orderInGroup: 6,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Name',
  },
  'errors.deadletterqueue.topic.replication.factor': {
    type: 'short',
    importance: 'medium',
    default: 3,
    doc: "Replication factor used to create the dead letter queue topic when it doesn't already exist.",
    group: 'Error Handling',
    orderInGroup: 7,
    width: 'medium',
    displayName: 'Dead Letter Queue Topic Replication Factor',
  },
  'errors.deadletterqueue.context.headers.enable': {
    type: 'boolean',
    importance: 'medium',
    default: false,
    doc: 'If true, add headers containing error context to the messages written to the dead letter queue. To avoid clashing with headers from the original record, all error context header keys, all error context header keys will start with <code>__connect.errors.</code>',
    group: 'Error Handling',
    orderInGroup: 8,
    width: 'medium',
    displayName: 'Enable Error Context Headers',
  },
} as const satisfies ConfigDef

const GROUP = 'consumer.override.group.id'

/**
 * The rules of a sink's topics, dead letter queue and consumer group. `groupId` is the worker's own.
 * A group of its own is listed even where there is nothing to say of it.
 */
export function validateSink(config: RawConfig, groupId: string): Messages {
  return { ...topicMessages(config), ...groupMessages(config, groupId) }
}

function groupMessages(config: RawConfig, groupId: string): Messages {
  const group = config[GROUP]
  if (group !== undefined)
    return {
      [GROUP]:
        group === groupId
          ? [`Consumer group ${group} conflicts with Connect worker group ${groupId}`]
          : [],
    }
  const name = given(config.name)
  return `connect-${name}` === groupId
    ? {
        name: [
          `Consumer group for sink connector named ${name} conflicts with Connect worker group ${groupId}`,
        ],
      }
    : {}
}

function topicMessages(config: RawConfig): Messages {
  const [list, pattern] = [given(config.topics), config['topics.regex'] ?? '']
  const hasPattern = given(pattern) !== ''
  if (!list && !hasPattern) return both('Must configure one of topics or topics.regex')
  const dlq = given(config['errors.deadletterqueue.topic.name'])
  const bothSet = list !== '' && hasPattern
  return merged([
    bothSet
      ? both('topics and topics.regex are mutually exclusive options, but both are set.')
      : {},
    dlq && list ? inList(dlq, splitList(list)) : {},
    dlq && hasPattern ? matched(dlq, pattern) : {},
  ])
}

function inList(dlq: string, listed: readonly string[]): Messages {
  const topics = [...new Set(listed.filter((topic) => topic !== ''))]
  return topics.includes(dlq)
    ? {
        topics: [
          `The DLQ topic '${dlq}' may not be included in the list of topics ('topics=[${topics.join(', ')}]') consumed by the connector`,
        ],
      }
    : {}
}

function matched(dlq: string, pattern: string): Messages {
  return isPattern(pattern) && javaPattern(pattern).matches(dlq)
    ? {
        'topics.regex': [
          `The DLQ topic '${dlq}' may not be matched by the regex for the topics ('topics.regex=${pattern}') consumed by the connector`,
        ],
      }
    : {}
}

const isPattern = (pattern: string): boolean => refuseRegex(pattern) === undefined

function merged(all: readonly Messages[]): Messages {
  const keys = new Set(all.flatMap((one) => Object.keys(one)))
  return Object.fromEntries([...keys].map((key) => [key, all.flatMap((one) => one[key] ?? [])]))
}

const given = (text: string | null | undefined): string => javaTrim(text ?? '')

const both = (message: string): Messages => ({ topics: [message], 'topics.regex': [message] })
