import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  readConfig,
  readCreateRequest,
  readMap,
  readOffsets,
  readTaskConfigs,
} from '../../lib/rest/json-body.ts'
import { anything, readBody } from '../../lib/rest/json-shapes.ts'
import { jsonText } from '../../lib/rest/json-text.ts'

const readAny = (body: string | undefined) => readBody(body, anything)

const readers = {
  map: readMap,
  create: readCreateRequest,
  offsets: readOffsets,
  tasks: readTaskConfigs,
}

type Vector = {
  readonly read: keyof typeof readers
  readonly body: string
  /** what Jackson 2 in Kafka Connect 4.3.1 says of it; null where it reads it */
  readonly message: string | null
}

const vectors = readFileSync(new URL('../fixtures/jackson-messages.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Vector)

for (const { read, body, message } of vectors) {
  const title = body.length > 100 ? `${body.slice(0, 100)}…` : body
  test(`${read} ${JSON.stringify(title)} is ${message === null ? 'read' : "refused in Jackson's words"}`, () => {
    if (message === null) readers[read](body)
    else assert.throws(() => readers[read](body), { message })
  })
}

test('a message about a broken body shows nothing of it but the place', () => {
  assert.throws(
    () => readAny('{"config":{"database.password":"hunter2"}, "x"'),
    (error: Error) => !error.message.includes('hunter2'),
  )
})

test('what is valid JSON is read, however it is written', () => {
  for (const text of ['{}', ' [ ] ', '{"a":[{"b":null},"\\u00e9\\"\\\\",-1.5e+3,true]}', '"x"'])
    assert.notEqual(readAny(text), null)
  for (const text of [undefined, '', ' \n', 'null', '\ufeffnull']) assert.equal(readAny(text), null)
})

test('a very long broken body is answered', () => {
  assert.throws(() => readAny(`{"a":"${'x'.repeat(2_000_000)}`), /end-of-input in VALUE_STRING/)
  assert.throws(() => readAny('['.repeat(1_000_000)), /nesting depth \(1001\)/)
})

test('scalars of a config become the text they were sent as, null stays', () => {
  const config = readConfig(
    '{"a":3,"b":1.50,"c":1e3,"d":true,"e":null,"f":12345678901234567890,"g":"x"}',
  )

  assert.deepEqual(config, {
    a: '3',
    b: '1.50',
    c: '1e3',
    d: 'true',
    e: null,
    f: '12345678901234567890',
    g: 'x',
  })
})

test('a config that is not there is told as Kafka Connect stumbles over it', () => {
  const message = 'Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null'

  for (const body of [undefined, '', 'null']) assert.throws(() => readConfig(body), { message })
  assert.throws(() => readCreateRequest('{"name":"a"}'), { message })
})

test('a config may hold a key that is special in JavaScript', () => {
  const config = readConfig('{"__proto__":"x","constructor":"y"}')

  assert.deepEqual(Object.entries(config), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

test('answers are written as Jackson writes them', () => {
  const text = jsonText({
    a: 9223372036854775807n,
    b: 'é注/😀',
    c: '\u001f\u0007\n\\u001f',
    d: [1.5, null],
  })

  assert.equal(
    text,
    '{"a":9223372036854775807,"b":"é注/\\uD83D\\uDE00","c":"\\u001F\\u0007\\n\\\\u001f","d":[1.5,null]}',
  )
})
