import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classesOf } from '../../lib/config/class-names.ts'
import { type PluginInterface, refuseClass } from '../../lib/config/java-classes.ts'

const plugin = <const K>(kind: K, name: string) => ({ kind, name, version: '1', config: {} })

const classes = classesOf([
  plugin('transform', 'a.Cast$Key'),
  plugin('transform', 'a.Cast$Value'),
  plugin('transform', 'a.Mask$Key'),
  plugin('transform', 'a.Filter'),
  plugin('transform', 'b.UpperTransformation'),
  plugin('converter', 'a.JsonConverter'),
  { ...plugin('converter', 'a.SimpleHeaderConverter'), headersOnly: true },
  plugin('source', 'a.FileConnector'),
  plugin('sink', 'b.FileConnector'),
])

for (const { title, given, name } of [
  { title: 'a class name', given: 'a.Cast$Key', name: 'a.Cast$Key' },
  { title: 'a simple name', given: 'Filter', name: 'a.Filter' },
  { title: 'one without the kind', given: 'Upper', name: 'b.UpperTransformation' },
  { title: 'a converter without it', given: 'Json', name: 'a.JsonConverter' },
  { title: 'a header converter without it', given: 'Simple', name: 'a.SimpleHeaderConverter' },
  { title: 'a class that others are nested in', given: 'a.Cast', name: 'a.Cast' },
  { title: 'a class of Java', given: 'java.lang.String', name: 'java.lang.String' },
  { title: 'the simple name of several nested classes', given: 'Key', name: undefined },
  { title: 'a nested class without its package', given: 'Cast$Key', name: undefined },
  { title: 'a simple name that two plugins have', given: 'FileConnector', name: undefined },
  { title: "the name of every object's constructor", given: 'constructor', name: undefined },
  { title: 'what nobody has heard of', given: 'Nope', name: undefined },
]) {
  test(`${title} means ${name ?? 'nothing'}`, () => assert.equal(classes(given)?.name, name))
}

const refused = (given: string, wanted: PluginInterface): string | undefined => {
  const found = classes(given)
  assert.ok(found)
  return refuseClass(found, wanted)
}

test('a plugin serves as what it is, and a converter for headers too', () => {
  assert.equal(refused('Filter', 'Transformation'), undefined)
  assert.equal(refused('Json', 'Converter'), undefined)
  assert.equal(refused('Json', 'HeaderConverter'), undefined)
})

for (const [given, wanted, message] of [
  [
    'Simple',
    'Converter',
    'Class class a.SimpleHeaderConverter does not implement the Converter interface',
  ],
  [
    'java.lang.String',
    'Predicate',
    'Class class java.lang.String does not implement the Predicate interface',
  ],
  [
    'java.util.List',
    'Converter',
    'Class interface java.util.List does not implement the Converter interface',
  ],
  [
    'org.apache.kafka.connect.storage.Converter',
    'Converter',
    'This class is abstract and cannot be created.',
  ],
  [
    'a.Cast',
    'Transformation',
    'This class is abstract and cannot be created. Did you mean a.Cast$Key, a.Cast$Value?',
  ],
] as const) {
  test(`${given} cannot serve as a ${wanted}`, () => assert.equal(refused(given, wanted), message))
}
