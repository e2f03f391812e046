// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plugins } from '../../lib/registry.ts'
import { answer } from '../../lib/runtime/answer.ts'
import { answerIn } from '../../lib/runtime/reply.ts'
import { concealment } from '../../lib/secrets/concealment.ts'
import { portsForTest, tickingClock } from './ports-for-test.ts'

const RECORD = {
  topic: 'orders',
  partition: 0,
  offset: 7,
  timestamp: 1,
  timestampType: 'CREATE_TIME',
  value: Buffer.from('{"id":1}').toString('base64'),
  headers: [],
} as const

/** What a sink with these settings is shown; the provider gives each key's value. */
async function previewed(
  settings: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Promise<string> {
  const hidden = concealment()
  const ports = portsForTest({ clock: tickingClock() })
  const config = {
    name: 'c',
    'connector.class': 'ExampleSink',
    topics: 'orders',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'header.converter': 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    ...settings,
  }
  const reply = await answer(
    { ask: 'preview', question: { config, limit: 1, from: 'beginning' } },
    {
      ...ports,
      topics: {
        ...ports.topics,
        existing: async () => new Map([['orders', 1]]),
        read: async () => [RECORD],
      },
      groups: {
        ...ports.groups,
        offsets: async () => [{ topic: 'orders', partition: 0, committed: null, start: 0, end: 8 }],
      },
      configProviders: hidden.providers({ vault: { get: async (_path, key) => secrets[key] } }),
      conceal: hidden.text,
    },
    plugins,
  )
  const answered = answerIn<'preview'>(reply)
  if (!('json' in answered)) throw new Error(JSON.stringify(answered.messages))
  return answered.json
}

test('what a reference stands for is not shown by a record that a transform writes it into', async () => {
  const json = await previewed(
    {
      transforms: 'h,n,v,t',
      'transforms.h.type': 'org.apache.kafka.connect.transforms.InsertHeader',
      'transforms.h.header': '${vault:x:name}',
      'transforms.h.value.literal': '${vault:x:text}',
      'transforms.n.type': 'org.apache.kafka.connect.transforms.InsertHeader',
      'transforms.n.header': 'digits',
      'transforms.n.value.literal': '${vault:x:digits}',
      'transforms.v.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
      'transforms.v.static.field': '${vault:x:name}',
      'transforms.v.static.value': 'x ${vault:x:text} y',
      'transforms.t.type': 'org.apache.kafka.connect.transforms.RegexRouter',
      'transforms.t.regex': '.*',
      'transforms.t.replacement': 'to-${vault:x:text}',
    },
    { text: 'TOPSECRET', name: 'PIN-OF-ADA', digits: '48151623' },
  )

  assert.doesNotMatch(json, /TOPSECRET|PIN-OF-ADA|48151623/)
  assert.deepEqual(JSON.parse(json), {
    records: [
      {
        topic: 'to-[hidden]',
        partition: 0,
        timestamp: 1,
        key: null,
        value: { id: 1, '[hidden]': 'x [hidden] y' },
        headers: [
          { key: '[hidden]', value: '[hidden]' },
          { key: 'digits', value: '[hidden]' },
        ],
        kafka_topic: 'orders',
        kafka_partition: 0,
        kafka_offset: 7,
      },
    ],
    errors: [],
    dropped: 0,
  })
})
