import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, readJson } from '../../lib/rest/json-body.ts'
import { jsonText } from '../../lib/rest/json-text.ts'

const VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

for (const { text, reason, line = 1, column } of [
  {
    text: '{bad',
    reason: "Unexpected character ('b' (code 98)): was expecting double-quote to start field name",
    column: 2,
  },
  { text: '{"a":bad}', reason: `Unrecognized token 'bad': was expecting ${VALUE}`, column: 6 },
  { text: '{"a":tru}', reason: `Unrecognized token 'tru': was expecting ${VALUE}`, column: 6 },
  {
    text: '{"a":1,}',
    reason: "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
    column: 8,
  },
  {
    text: '{"a" 1}',
    reason:
      "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    column: 6,
  },
  {
    text: '{"a":1 "b":2}',
    reason: "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
    column: 8,
  },
  {
    text: '[1 2]',
    reason: "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
    column: 4,
  },
  {
    text: '[,]',
    reason: `Unexpected character (',' (code 44)): expected a valid value ${VALUE}`,
    column: 2,
  },
  {
    text: '{"a":01}',
    reason: `Unexpected character ('0' (code 48)): expected a valid value ${VALUE}`,
    column: 6,
  },
  {
    text: '{\n  "a": ]\n}',
    reason: `Unexpected character (']' (code 93)): expected a valid value ${VALUE}`,
    line: 2,
    column: 8,
  },
  {
    text: '{"a":{"b":[1,',
    reason: 'Unexpected end-of-input: expected close marker for Array',
    column: 14,
  },
  {
    text: '{"a":1',
    reason: 'Unexpected end-of-input: expected close marker for Object',
    column: 7,
  },
  {
    text: '{"a":"b',
    reason: 'Unexpected end-of-input: was expecting closing quote for a string value',
    column: 8,
  },
  { text: '{"a":"\\x"}', reason: "Unrecognized character escape 'x' (code 120)", column: 7 },
  {
    text: '{"a":"b\nc"}',
    reason:
      'Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value',
    column: 8,
  },
  {
    text: '{"a":1} x',
    reason: "Unexpected character ('x' (code 120)): was expecting the end of the input",
    column: 9,
  },
  {
    text: "{'a':1}",
    reason: "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
    column: 2,
  },
  {
    text: '😀',
    reason: `Unexpected character ('😀' (code 128512)): expected a valid value ${VALUE}`,
    column: 1,
  },
]) {
  test(`${JSON.stringify(text)} is no JSON, and the message says why and where`, () => {
    assert.throws(() => readJson(text), {
      message: `${reason}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: ${line}, column: ${column}]`,
    })
  })
}

test('a message about a broken body shows nothing of it but the place', () => {
  assert.throws(
    () => readJson('{"config":{"database.password":"hunter2"}, "x"'),
    (error: Error) => !error.message.includes('hunter2'),
  )
})

test('what is valid JSON is read, however it is written', () => {
  for (const text of ['{}', ' [ ] ', '{"a":[{"b":null},"\\u00e9\\"\\\\",-1.5e+3,true]}', '"x"'])
    assert.notEqual(readJson(text), null)
  for (const text of [undefined, '', ' \n', 'null', '\ufeffnull'])
    assert.equal(readJson(text), null)
})

test('a very long broken body is answered', () => {
  assert.throws(() => readJson(`{"a":"${'x'.repeat(2_000_000)}`), /closing quote/)
  assert.throws(() => readJson('['.repeat(1_000_000)), /expected close marker for Array/)
})

test('scalars of a config become the text they were sent as, null stays', () => {
  const config = readConfig(
    readJson('{"a":3,"b":1.50,"c":1e3,"d":true,"e":null,"f":12345678901234567890,"g":"x"}'),
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

for (const { body, message } of [
  {
    body: '{"a":[1]}',
    message:
      'Cannot deserialize value of type `java.lang.String` from Array value (token `JsonToken.START_ARRAY`) (through reference chain: java.util.LinkedHashMap["a"])',
  },
  {
    body: '{"a":{}}',
    message:
      'Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`) (through reference chain: java.util.LinkedHashMap["a"])',
  },
  {
    body: '[]',
    message:
      'Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang.String>` from Array value (token `JsonToken.START_ARRAY`)',
  },
  {
    body: '1.5',
    message:
      'Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang.String>` from Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)',
  },
  {
    body: 'null',
    message: 'Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null',
  },
]) {
  test(`a config of ${body} is refused in Jackson's words`, () => {
    assert.throws(() => readConfig(readJson(body)), { message })
  })
}

test('a config may hold a key that is special in JavaScript', () => {
  const config = readConfig(readJson('{"__proto__":"x","constructor":"y"}'))

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
