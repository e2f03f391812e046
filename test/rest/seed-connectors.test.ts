import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleSink } from '../../lib/connectors/example-sink/index.ts'
import { exampleSource } from '../../lib/connectors/example-source/index.ts'
import { restWorker } from './rest-worker.ts'

/** The two sample configurations of TavenYin/kafka-connect-example, as they are posted there. */
const SAMPLES = [
  {
    name: 'example-source',
    config: {
      'connector.class': 'com.github.taven.source.ExampleSourceConnector',
      'tasks.max': '1',
      'database.url':
        'jdbc:mysql://localhost:3306/test?useUnicode=true&characterEncoding=UTF-8&autoReconnect=true&useSSL=false&zeroDateTimeBehavior=convertToNull&serverTimezone=UTC&rewriteBatchedStatements=true',
      'database.username': 'root',
      'database.password': 'root',
      'database.tables': 'test_user',
    },
    secret: 'database.password',
  },
  {
    name: 'example-sink',
    config: {
      'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
      topics: 'test_user, test_order',
      'tasks.max': '1',
      'redis.host': 'localhost',
      'redis.port': '6379',
      'redis.database': '0',
      'redis.password': '',
    },
    secret: 'redis.password',
  },
] as const

const plugins = [exampleSource, exampleSink]

for (const { name, config, secret } of SAMPLES) {
  test(`the sample ${name} is created as it is, and shown as it was sent but for its password`, async () => {
    const { send, stores } = restWorker({ plugins })

    const answer = await send('POST', '/connectors/', { name, config })

    assert.equal(answer.status, 201, answer.body)
    assert.deepEqual((await stores.configs.get(name))?.config, { ...config, name })
    assert.deepEqual((await send('GET', `/connectors/${name}/config`)).json, {
      ...config,
      name,
      [secret]: '[hidden]',
    })
  })
}

test('a sample sink with everything missing is refused with the six messages of Kafka Connect', async () => {
  const { send } = restWorker({ plugins })

  const answer = await send('POST', '/connectors', {
    name: 'bad',
    config: {
      'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
      'redis.port': 'abc',
    },
  })

  assert.equal(answer.status, 400)
  assert.deepEqual((answer.json as { message: string }).message.split('\n').slice(0, -1), [
    'Connector configuration is invalid and contains the following 6 error(s):',
    'Must configure one of topics or topics.regex',
    'Must configure one of topics or topics.regex',
    'Missing required configuration "redis.host" which has no default value.',
    'Invalid value abc for configuration redis.port: Not a number of type INT',
    'Missing required configuration "redis.database" which has no default value.',
    'Missing required configuration "redis.password" which has no default value.',
  ])
})
