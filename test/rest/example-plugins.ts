/** Declarations as the seed's connectors have them, and Kafka's FileStream connectors, without what they do. */
import { jsonConverter } from '../../lib/converters/json-converter/index.ts'
import { simpleHeaderConverter } from '../../lib/converters/simple-header-converter.ts'
import { stringConverter } from '../../lib/converters/string-converter.ts'
import { type Plugin, sinkConnector, sourceConnector } from '../../lib/plugin.ts'

const about = { importance: 'high', doc: 'A setting.' } as const

const startTask = () => Promise.reject(new Error('the REST API starts no task'))

export const exampleSource = sourceConnector({
  name: 'com.github.taven.source.ExampleSourceConnector',
  taskClass: 'com.github.taven.source.ExampleSourceTask',
  version: '4.3.1',
  doc: 'Copies tables.',
  config: {
    'database.url': { type: 'string', secretsGoHere: true, ...about },
    'database.username': { type: 'string', ...about },
    'database.password': { type: 'password', ...about },
    'database.tables': { type: 'list', ...about },
  },
  validate: (config) =>
    config['database.tables'].includes('no such table')
      ? { 'database.tables': ['No such table: no such table'] }
      : {},
  taskConfigs: (_config, _maxTasks, raw) => [raw],
  startTask,
})

export const exampleSink = sinkConnector({
  name: 'com.github.taven.sink.ExampleSinkConnector',
  taskClass: 'com.github.taven.sink.ExampleSinkTask',
  version: '4.3.1',
  doc: 'Writes keys.',
  config: {
    'redis.host': { type: 'string', secretsGoHere: true, ...about },
    'redis.port': { type: 'int', secretsGoHere: true, ...about },
    'redis.database': { type: 'int', ...about },
    'redis.password': { type: 'password', ...about },
  },
  startTask,
})

export const fileStreamSource = sourceConnector({
  name: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSourceTask',
  version: '4.3.1',
  doc: 'Reads lines.',
  config: {
    file: { type: 'string', importance: 'high', default: null, doc: 'The file.' },
    topic: {
      type: 'string',
      importance: 'high',
      refuse: (topic) => (topic === '' ? 'String must be non-empty' : undefined),
      doc: 'The topic.',
    },
    'batch.size': { type: 'int', importance: 'low', default: 2000, doc: 'Lines at once.' },
  },
  taskConfigs: (_config, _maxTasks, raw) => [raw],
  startTask,
})

export const fileStreamSink = sinkConnector({
  name: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  taskClass: 'org.apache.kafka.connect.file.FileStreamSinkTask',
  version: '4.3.1',
  doc: 'Writes lines.',
  config: { file: { type: 'string', importance: 'high', default: null, doc: 'The file.' } },
  startTask,
})

export const examplePlugins: readonly Plugin[] = [
  exampleSource,
  exampleSink,
  fileStreamSource,
  fileStreamSink,
  jsonConverter,
  stringConverter,
  simpleHeaderConverter,
]
