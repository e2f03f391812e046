import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simpleHeaderConverter } from '../../lib/converters/simple-header-converter.ts'
import { ConfigError } from '../../lib/errors.ts'
import { converter } from '../../lib/plugin.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { convertersOf } from '../../lib/runtime/converters.ts'

/** Writes down how it was configured. */
const marking = converter({
  name: 'test.MarkingConverter',
  version: '1',
  doc: 'Marks.',
  config: {
    mark: { type: 'string', importance: 'low', default: 'none', doc: 'What is written.' },
    'converter.type': { type: 'string', importance: 'low', default: '', doc: 'key or value.' },
  },
  configure: ({ mark, 'converter.type': type }, position) => ({
    fromConnect: () => Buffer.from(`${mark} ${type} ${position}`),
    toConnect: () => ({ schema: null, value: null }),
  }),
})
const headersOnly = converter({ ...marking, name: 'test.HeaderConverter', headersOnly: true })
const plugins = pluginsOf([marking, headersOnly])

const WORKER = {
  'key.converter': marking.name,
  'key.converter.mark': 'worker',
  'value.converter': marking.name,
  'value.converter.mark': 'worker',
  'header.converter': headersOnly.name,
  'header.converter.mark': 'worker',
}

const marks = (connector: Readonly<Record<string, string>>) => {
  const { key, value, header } = convertersOf(connector, WORKER, plugins)
  return [key, value, header].map(({ converter }) => String(converter.fromConnect('t', null, null)))
}

test('a connector that names no converter has the worker’s, with their settings', () => {
  assert.deepEqual(marks({}), ['worker key key', 'worker value value', 'worker header header'])
})

test('a connector’s own converter has its own settings and none of the worker’s', () => {
  for (const [at, position] of ['key', 'value', 'header'].entries()) {
    const own = { [`${position}.converter`]: marking.name }
    const settings = { [`${position}.converter.mark`]: 'mine' }

    assert.deepEqual(marks(own), marks({}).with(at, `none ${position} ${position}`))
    assert.deepEqual(
      marks({ ...own, ...settings }),
      marks({}).with(at, `mine ${position} ${position}`),
    )
  }
})

test('settings of a converter that the connector does not name mean nothing', () => {
  assert.deepEqual(marks({ 'value.converter.mark': 'mine' }), marks({}))
})

test('each is known by its full class name, whatever it was called', () => {
  const { key, header } = convertersOf({ 'key.converter': 'MarkingConverter' }, WORKER, plugins)

  assert.deepEqual([key.className, header.className], [marking.name, headersOnly.name])
})

test('headers have the simple converter where nobody names one', () => {
  const { 'header.converter': _, ...worker } = WORKER

  const { header } = convertersOf({}, worker, pluginsOf([marking, simpleHeaderConverter]))

  assert.equal(header.className, 'org.apache.kafka.connect.storage.SimpleHeaderConverter')
})

test('blanks around a class name do no harm', () => {
  assert.equal(marks({ 'key.converter': ` ${marking.name} ` })[0], 'none key key')
})

for (const position of ['key', 'value', 'header'])
  test(`a class that is not there is named with its key: ${position}.converter`, () => {
    assert.throws(
      () => marks({ [`${position}.converter`]: 'nope.Converter' }),
      new ConfigError(
        `Invalid value nope.Converter for configuration ${position}.converter: Class nope.Converter could not be found.`,
      ),
    )
  })

for (const position of ['key', 'value'])
  test(`a converter for headers alone is refused as ${position}.converter`, () => {
    assert.throws(
      () => marks({ [`${position}.converter`]: headersOnly.name }),
      new ConfigError(
        'Class class test.HeaderConverter does not implement the Converter interface',
      ),
    )
  })
