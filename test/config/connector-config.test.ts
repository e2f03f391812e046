import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConfigDef, validateConfig } from '../../lib/config/config-def.ts'
import { commonConfig } from '../../lib/config/connector-config.ts'
import { sinkConfig, validateSink } from '../../lib/config/sink-config.ts'
import { validateSource } from '../../lib/config/source-config.ts'

const errorsOf = (def: ConfigDef, key: string, text: string): readonly string[] =>
  validateConfig(def, { [key]: text }).find(({ name }) => name === key)?.errors ?? []

for (const { title, name, error } of [
  {
    title: 'an empty name',
    name: '  ',
    error: 'Invalid value  for configuration name: String may not be empty',
  },
  {
    title: 'control characters in a name',
    name: 'a\u0007b\u0001\u009fc',
    error:
      'Invalid value a\u0007b\u0001\u009fc for configuration name: String may not contain control sequences but had the following ASCII chars: 7, 1, 159',
  },
]) {
  test(`${title} is refused`, () => assert.deepEqual(errorsOf(commonConfig, 'name', name), [error]))
}

test('a name may hold blanks, punctuation, other scripts and emoji', () => {
  for (const name of ['a b', 'a/b?c#d&e', 'müller', '注文', '😀'])
    assert.deepEqual(errorsOf(commonConfig, 'name', name), [])
})

test('an alias listed twice is refused', () => {
  assert.deepEqual(errorsOf(commonConfig, 'transforms', 'a, a'), [
    'Invalid value [a, a] for configuration transforms: Duplicate alias provided.',
  ])
})

for (const [topics, error] of [
  ['a,a', "Configuration 'topics' values must not be duplicated."],
  ['a,,b', "Configuration 'topics' values must not be empty."],
] as const) {
  test(`topics ${topics} are refused`, () =>
    assert.deepEqual(errorsOf(sinkConfig, 'topics', topics), [error]))
}

test('a pattern that cannot be compiled is refused', () => {
  assert.match(
    errorsOf(sinkConfig, 'topics.regex', '(')[0] ?? '',
    /^Invalid value \( for configuration topics\.regex: Invalid regex: /,
  )
})

const ONE_OF = 'Must configure one of topics or topics.regex'
const NOT_BOTH = 'topics and topics.regex are mutually exclusive options, but both are set.'

for (const { title, config, messages } of [
  { title: 'topics alone', config: { topics: 'a' }, messages: {} },
  { title: 'a pattern alone', config: { 'topics.regex': 'a.*', topics: ' ' }, messages: {} },
  { title: 'neither', config: {}, messages: { topics: [ONE_OF], 'topics.regex': [ONE_OF] } },
  {
    title: 'both',
    config: { topics: 'a', 'topics.regex': 'b' },
    messages: { topics: [NOT_BOTH], 'topics.regex': [NOT_BOTH] },
  },
  {
    title: 'a dead letter queue among the topics',
    config: { topics: 'a, b', 'errors.deadletterqueue.topic.name': ' b ' },
    messages: {
      topics: [
        "The DLQ topic 'b' may not be included in the list of topics ('topics=[a, b]') consumed by the connector",
      ],
    },
  },
  {
    title: 'a dead letter queue that the pattern matches',
    config: { 'topics.regex': 'a.*', 'errors.deadletterqueue.topic.name': 'abc' },
    messages: {
      'topics.regex': [
        "The DLQ topic 'abc' may not be matched by the regex for the topics ('topics.regex=a.*') consumed by the connector",
      ],
    },
  },
  {
    title: 'a dead letter queue of which the pattern matches a part',
    config: { 'topics.regex': 'a', 'errors.deadletterqueue.topic.name': 'abc' },
    messages: {},
  },
  {
    title: 'both, and a dead letter queue that is in either',
    config: {
      topics: 'a,,a',
      'topics.regex': 'a',
      'errors.deadletterqueue.topic.name': 'a',
    },
    messages: {
      topics: [
        NOT_BOTH,
        "The DLQ topic 'a' may not be included in the list of topics ('topics=[a]') consumed by the connector",
      ],
      'topics.regex': [
        NOT_BOTH,
        "The DLQ topic 'a' may not be matched by the regex for the topics ('topics.regex=a') consumed by the connector",
      ],
    },
  },
  {
    title: 'a group of its own, of which there is nothing to say',
    config: { topics: 'a', name: 'cluster', 'consumer.override.group.id': 'g' },
    messages: { 'consumer.override.group.id': [] },
  },
  {
    title: "the worker's own group, by name",
    config: { topics: 'a', name: 'cluster' },
    messages: {
      name: [
        'Consumer group for sink connector named cluster conflicts with Connect worker group connect-cluster',
      ],
    },
  },
  {
    title: "the worker's own group, by override",
    config: { topics: 'a', 'consumer.override.group.id': 'connect-cluster' },
    messages: {
      'consumer.override.group.id': [
        'Consumer group connect-cluster conflicts with Connect worker group connect-cluster',
      ],
    },
  },
]) {
  test(`a sink with ${title}`, () => {
    assert.deepEqual(validateSink({ name: 'k', ...config }, 'connect-cluster'), messages)
  })
}

test('a source that requires exactly-once delivery is refused, one that requests it is not', () => {
  assert.deepEqual(validateSource({ 'exactly.once.support': ' Required' }), {
    'exactly.once.support': ['This worker does not have exactly-once source support enabled.'],
  })
  assert.deepEqual(validateSource({ 'exactly.once.support': 'requested' }), {})
})
