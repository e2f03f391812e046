import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NotFoundError } from '../../lib/errors.ts'
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
const plugins = pluginsOf([marking])

const WORKER = {
  'key.converter': marking.name,
  'key.converter.mark': 'worker',
  'value.converter': marking.name,
  'value.converter.mark': 'worker',
}

const marks = (connector: Readonly<Record<string, string>>) => {
  const { key, value } = convertersOf(connector, WORKER, plugins)
  return [key, value].map((one) => String(one.fromConnect('t', null, null)))
}

test('a connector that names no converter has the worker’s, with their settings', () => {
  assert.deepEqual(marks({}), ['worker key key', 'worker value value'])
})

test('a connector’s own converter has its own settings and none of the worker’s', () => {
  const own = { 'value.converter': marking.name }

  assert.deepEqual(marks(own), ['worker key key', 'none value value'])
  assert.deepEqual(marks({ ...own, 'value.converter.mark': 'mine' }), [
    'worker key key',
    'mine value value',
  ])
})

test('settings of a converter that the connector does not name mean nothing', () => {
  assert.deepEqual(marks({ 'value.converter.mark': 'mine' }), [
    'worker key key',
    'worker value value',
  ])
})

test('blanks around a class name do no harm, and an unknown one is named', () => {
  assert.deepEqual(marks({ 'key.converter': ` ${marking.name} ` })[0], 'none key key')
  assert.throws(
    () => marks({ 'key.converter': 'nope.Converter' }),
    (error) => error instanceof NotFoundError && /nope\.Converter/.test(error.message),
  )
})
