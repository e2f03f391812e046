import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseConfig, validateConfig } from '../../../lib/config/config-def.ts'
import { exampleSource } from '../../../lib/connectors/example-source/index.ts'
import { layoutOf, recordsOf } from '../../../lib/connectors/example-source/records.ts'
import { TYPES } from '../../../lib/connectors/mysql/columns.ts'
import { jsonConverter } from '../../../lib/converters/json-converter/index.ts'
import { plugins } from '../../../lib/registry.ts'

// The seed's script/source.json.
const sample = {
  'database.url':
    'jdbc:mysql://localhost:3306/test?useUnicode=true&characterEncoding=UTF-8&autoReconnect=true&useSSL=false&zeroDateTimeBehavior=convertToNull&serverTimezone=UTC&rewriteBatchedStatements=true',
  'database.username': 'root',
  'database.password': 'root',
  'database.tables': 'test_user',
}

const errorsOf = (raw: Readonly<Record<string, string>>): string[] =>
  validateConfig(exampleSource.config, raw).flatMap(({ errors }) => errors)

test('it goes by the seed’s class name, and by its simple ones', () => {
  for (const name of [
    'com.github.taven.source.ExampleSourceConnector',
    'ExampleSourceConnector',
    'ExampleSource',
  ])
    assert.equal(plugins.connector(name), exampleSource)
})

test('the seed’s sample is right as it stands', () => {
  assert.deepEqual(errorsOf(sample), [])
})

test('its four keys are required', () => {
  assert.deepEqual(
    errorsOf({}),
    Object.keys(sample).map(
      (key) => `Missing required configuration "${key}" which has no default value.`,
    ),
  )
})

test('a malformed URL is told by the key it stands in', () => {
  assert.deepEqual(errorsOf({ ...sample, 'database.url': 'jdbc:mysql://db:port/test' }), [
    'Invalid value jdbc:mysql://db:port/test for configuration database.url: "db:port" is not host:port',
  ])
})

test('no table, or one without a name, is refused', () => {
  assert.match(
    errorsOf({ ...sample, 'database.tables': '' })[0] ?? '',
    /database\.tables: It must name at least one table$/,
  )
  assert.match(
    errorsOf({ ...sample, 'database.tables': 'a,,b' })[0] ?? '',
    /database\.tables: It must not hold an empty name$/,
  )
})

describe('tables are shared out', () => {
  const shares = (tables: string, maxTasks: number) => {
    const raw = { ...sample, 'database.tables': tables }
    return exampleSource.taskConfigs(parseConfig(exampleSource.config, raw), maxTasks, raw)
  }

  test('among as many tasks as may be, neighbours together', () => {
    assert.deepEqual(
      shares('a, b, c', 2).map((config) => config['database.table']),
      ['a,b', 'c'],
    )
    assert.deepEqual(
      shares('a,b,c', 9).map((config) => config['database.table']),
      ['a', 'b', 'c'],
    )
  })

  test('and each task has the whole configuration beside its tables', () => {
    assert.deepEqual(shares('test_user', 1), [{ ...sample, 'database.table': 'test_user' }])
  })

  test('a table that is named twice is read once', () => {
    assert.deepEqual(
      shares('a,b,a', 1).map((config) => config['database.table']),
      ['a,b'],
    )
  })
})

test('a row in JSON with schemas is byte for byte what Kafka Connect writes', () => {
  const columns = [
    {
      name: 'id',
      columnType: TYPES.LONGLONG,
      characterSet: 63,
      columnLength: 20,
      flags: 3,
      decimals: 0,
    },
    {
      name: 'name',
      columnType: TYPES.VAR_STRING,
      characterSet: 224,
      columnLength: 256,
      flags: 1,
      decimals: 0,
    },
  ]
  const reading = { zeroDates: 'CONVERT_TO_NULL', tinyInt1isBit: true, instantOf: Number } as const
  const [record] = recordsOf(
    [{ id: 1, name: 'A' }],
    'test_user',
    { currentTable: 'test_user' },
    layoutOf('test_user', columns, reading),
  ).records
  assert.ok(record)
  const bytes = (position: 'key' | 'value') =>
    jsonConverter
      .configure(parseConfig(jsonConverter.config, { 'converter.type': position }), position)
      .fromConnect(record.topic, record[`${position}Schema`], record[position])

  assert.equal(String(bytes('key')), '{"schema":{"type":"string","optional":false},"payload":"1"}')
  assert.equal(
    String(bytes('value')),
    '{"schema":{"type":"struct","fields":[{"type":"int64","optional":false,"field":"id"},{"type":"string","optional":false,"field":"name"}],"optional":false,"name":"test_user"},"payload":{"id":1,"name":"A"}}',
  )
})
