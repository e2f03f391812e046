// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ConfigDef,
  type ConfigKey,
  defaultText,
  parseConfig,
  type RawConfig,
  splitList,
  validateConfig,
} from '../../lib/config/config-def.ts'
import { Password } from '../../lib/config/password.ts'
import { ConfigError } from '../../lib/errors.ts'

const about = { importance: 'high', doc: 'A setting.' } as const

const validated = (key: ConfigKey, raw: RawConfig) => {
  const [value] = validateConfig({ k: key }, raw)
  assert.ok(value)
  return value
}

const understood: readonly {
  title: string
  key: ConfigKey
  text: string
  value: unknown
  shown: string
}[] = [
  { title: 'an int', key: { ...about, type: 'int' }, text: ' +7 ', value: 7, shown: '7' },
  {
    title: 'the least int',
    key: { ...about, type: 'int' },
    text: '-2147483648',
    value: -2_147_483_648,
    shown: '-2147483648',
  },
  { title: 'a short', key: { ...about, type: 'short' }, text: '-5', value: -5, shown: '-5' },
  {
    title: 'a long is shown with all its digits',
    key: { ...about, type: 'long' },
    text: '9223372036854775807',
    value: 2 ** 63,
    shown: '9223372036854775807',
  },
  {
    title: 'a double',
    key: { ...about, type: 'double' },
    text: '1e3',
    value: 1000,
    shown: '1000.0',
  },
  {
    title: 'a double with a suffix',
    key: { ...about, type: 'double' },
    text: '.5f',
    value: 0.5,
    shown: '0.5',
  },
  {
    title: 'a boolean in any case',
    key: { ...about, type: 'boolean' },
    text: 'TRUE',
    value: true,
    shown: 'true',
  },
  {
    title: 'text without the blanks around it',
    key: { ...about, type: 'string' },
    text: '\u0001 a b\t',
    value: 'a b',
    shown: 'a b',
  },
  {
    title: 'text with the blanks that Java does not trim',
    key: { ...about, type: 'string' },
    text: '\u00a0a',
    value: '\u00a0a',
    shown: '\u00a0a',
  },
  {
    title: 'a list',
    key: { ...about, type: 'list' },
    text: ' a , b ,,c',
    value: ['a', 'b', '', 'c'],
    shown: 'a,b,,c',
  },
  { title: 'an empty list', key: { ...about, type: 'list' }, text: '  ', value: [], shown: '' },
  {
    title: 'a class',
    key: { ...about, type: 'class' },
    text: 'a.B$C',
    value: 'a.B$C',
    shown: 'a.B$C',
  },
]

for (const { title, key, text, value, shown } of understood) {
  test(`it understands ${title}`, () => {
    const found = validated(key, { k: text })

    assert.deepEqual(found.errors, [])
    assert.deepEqual(found.value, value)
    assert.equal(found.text, shown)
  })
}

const NOT_NULL = 'Invalid value null for configuration k: Value must be non-null'

const refused: readonly {
  title: string
  key: ConfigKey
  raw: RawConfig
  errors: readonly string[]
}[] = [
  ...['x', '', '1.0', '2147483648', '-2147483649', '0x1', '1 2'].map((text) => ({
    title: `'${text}' as an int`,
    key: { ...about, type: 'int' } as const,
    raw: { k: text },
    errors: [`Invalid value ${text} for configuration k: Not a number of type INT`],
  })),
  {
    title: 'a short out of range',
    key: { ...about, type: 'short' },
    raw: { k: '32768' },
    errors: ['Invalid value 32768 for configuration k: Not a number of type SHORT'],
  },
  {
    title: 'a long out of range',
    key: { ...about, type: 'long' },
    raw: { k: '9223372036854775808' },
    errors: ['Invalid value 9223372036854775808 for configuration k: Not a number of type LONG'],
  },
  ...['x', '', '0x10', '1e', 'Infinity'].map((text) => ({
    title: `'${text}' as a double`,
    key: { ...about, type: 'double' } as const,
    raw: { k: text },
    errors: [`Invalid value ${text} for configuration k: Not a number of type DOUBLE`],
  })),
  {
    title: 'a boolean that is neither',
    key: { ...about, type: 'boolean' },
    raw: { k: 'yes ' },
    errors: ['Invalid value yes  for configuration k: Expected value to be either true or false'],
  },
  {
    title: 'a required key that is missing',
    key: { ...about, type: 'string' },
    raw: {},
    errors: ['Missing required configuration "k" which has no default value.'],
  },
  {
    title: 'a missing number with a range, twice, as Kafka does',
    key: { ...about, type: 'int', atLeast: 1 },
    raw: {},
    errors: ['Missing required configuration "k" which has no default value.', NOT_NULL],
  },
  {
    title: 'an unparsable number with a range, twice, as Kafka does',
    key: { ...about, type: 'int', atLeast: 1, default: 5 },
    raw: { k: 'x' },
    errors: ['Invalid value x for configuration k: Not a number of type INT', NOT_NULL],
  },
  {
    title: 'null for a number with a range',
    key: { ...about, type: 'int', atLeast: 1, default: 5 },
    raw: { k: null },
    errors: [NOT_NULL],
  },
  {
    title: 'too little, shown as it was understood',
    key: { ...about, type: 'int', atLeast: 1 },
    raw: { k: ' +00 ' },
    errors: ['Invalid value 0 for configuration k: Value must be at least 1'],
  },
  {
    title: 'too much',
    key: { ...about, type: 'double', atMost: 1 },
    raw: { k: '2' },
    errors: ['Invalid value 2.0 for configuration k: Value must be no more than 1'],
  },
  {
    title: 'what is none of a few',
    key: { ...about, type: 'string', oneOf: ['none', 'all'] },
    raw: { k: 'ALL' },
    errors: ['Invalid value ALL for configuration k: String must be one of: none, all'],
  },
  {
    title: 'what is none of a few in any case',
    key: { ...about, type: 'string', oneOfIgnoringCase: ['NUMERIC', 'BASE64'] },
    raw: { k: 'hex' },
    errors: [
      'Invalid value hex for configuration k: String must be one of (case insensitive): NUMERIC, BASE64',
    ],
  },
  {
    title: 'a list for a reason of its own, printed as Java prints lists',
    key: { ...about, type: 'list', refuse: () => 'Duplicate alias provided.' },
    raw: { k: 'a ,a' },
    errors: ['Invalid value [a, a] for configuration k: Duplicate alias provided.'],
  },
  {
    title: 'a value with a whole message of its own',
    key: { ...about, type: 'list', refuse: () => ({ message: 'No such list.' }) },
    raw: { k: 'a' },
    errors: ['No such list.'],
  },
]

for (const { title, key, raw, errors } of refused) {
  test(`it refuses ${title}`, () => {
    assert.deepEqual(validated(key, raw).errors, errors)
  })
}

test('a value that was understood but refused is still shown, one that was not is null', () => {
  const key: ConfigKey = { ...about, type: 'int', atLeast: 1, default: 1 }

  assert.equal(validated(key, { k: '0' }).text, '0')
  assert.equal(validated(key, { k: 'x' }).text, null)
})

test('one of a few in any case is kept as it was sent', () => {
  const key: ConfigKey = { ...about, type: 'string', oneOfIgnoringCase: ['BASE64'] }

  const { value, text, errors } = validated(key, { k: 'base64' })

  assert.deepEqual({ value, text, errors }, { value: 'base64', text: 'base64', errors: [] })
})

test('a password shows itself in no value, default or message', () => {
  const key: ConfigKey = {
    ...about,
    type: 'password',
    default: 'changeit',
    refuse: (value) => (value?.reveal() === 'weak' ? 'Too weak' : undefined),
  }

  const [given, weak, missing] = [{ k: 'hunter2' }, { k: 'weak' }, {}].map((raw) =>
    validated(key, raw),
  )

  assert.ok(given?.value instanceof Password && given.value.reveal() === 'hunter2')
  assert.equal(given.text, '[hidden]')
  assert.deepEqual(weak?.errors, ['Invalid value [hidden] for configuration k: Too weak'])
  assert.equal(missing?.text, '[hidden]')
  assert.equal(defaultText(key), '[hidden]')
  assert.doesNotMatch(JSON.stringify([given, weak, missing]), /hunter2|:"weak|changeit/)
})

const DEF = {
  host: { type: 'string', ...about },
  port: { type: 'int', ...about, default: 6379, atLeast: 1 },
  user: { type: 'string', ...about, default: null },
  tags: { type: 'list', ...about, default: [] },
} as const satisfies ConfigDef

test('parsing fills in defaults, leaves out unknown keys and types the members by their declaration', () => {
  const parsed = parseConfig(DEF, { host: ' h ', other: 'x' })

  const port: number = parsed.port
  const user: string | null = parsed.user
  assert.deepEqual({ ...parsed, port, user }, { host: 'h', port: 6379, user: null, tags: [] })
})

test('null stands for the default of a key that may be absent', () => {
  assert.equal(parseConfig(DEF, { host: 'h', port: '1', user: null }).user, null)
  assert.deepEqual(parseConfig(DEF, { host: 'h', tags: null }).tags, [])
})

test('null that is sent is nothing to say of a key without rules, and no value of a required one', () => {
  const required = { k: { type: 'string', ...about } } as const

  assert.deepEqual(validated(required.k, { k: null }).errors, [])
  assert.throws(() => parseConfig(required, { k: null }), /Missing required configuration "k"/)
})

test('a class is known by its full name, and what is none is refused as it was sent', () => {
  const classOf = (name: string) => (name === 'Alias' ? 'full.Name' : undefined)
  const key: ConfigKey = { type: 'class', ...about, classOf }

  assert.equal(validated(key, { k: ' Alias ' }).text, 'full.Name')
  assert.deepEqual(validated(key, { k: ' Nope ' }).errors, [
    'Invalid value  Nope  for configuration k: Class  Nope  could not be found.',
  ])
})

test('rules name a key under a prefix without it, types and absence with it', () => {
  const key: ConfigKey = { type: 'int', ...about, atLeast: 1, ruleName: 'k' }
  const errorsOf = (raw: RawConfig) => validateConfig({ 'a.k': key }, raw)[0]?.errors

  assert.deepEqual(errorsOf({ 'a.k': '0' }), [
    'Invalid value 0 for configuration k: Value must be at least 1',
  ])
  assert.deepEqual(errorsOf({ 'a.k': 'x' }), [
    'Invalid value x for configuration a.k: Not a number of type INT',
    NOT_NULL,
  ])
})

test('a form is offered what the other values allow', () => {
  const def: ConfigDef = {
    mode: { type: 'string', ...about, default: 'a' },
    k: {
      type: 'string',
      ...about,
      default: null,
      recommended: ({ mode }) => [`${mode}1`],
      visible: ({ mode }) => mode !== 'hidden',
    },
  }

  const [offered, hidden] = [{}, { mode: 'hidden' }].map((raw) => validateConfig(def, raw)[1])

  assert.deepEqual(offered?.recommended, ['a1'])
  assert.deepEqual([offered?.visible, hidden?.visible], [true, false])
})

test('a text whose value is known later only is refused by neither type nor rule', () => {
  const isOpen = (text: string) => text.includes('${env:')
  const key: ConfigKey = { type: 'int', ...about, atLeast: 1 }

  const [open, plain] = ['${env:N}', '${other:N}'].map(
    (k) => validateConfig({ k: key }, { k }, isOpen)[0],
  )

  assert.deepEqual(open?.errors, [])
  assert.equal(open?.text, '${env:N}')
  assert.equal(plain?.errors.length, 2)
})

test('parsing throws the first thing that is wrong', () => {
  assert.throws(
    () => parseConfig(DEF, { port: '0' }),
    new ConfigError('Missing required configuration "host" which has no default value.'),
  )
})

test('values come in the order of the declaration', () => {
  assert.deepEqual(
    validateConfig(DEF, { tags: 'a', host: 'h' }).map(({ name }) => name),
    ['host', 'port', 'user', 'tags'],
  )
})

test('defaults are shown as values are', () => {
  assert.equal(defaultText({ ...about, type: 'list', default: ['a', 'b'] }), 'a,b')
  assert.equal(defaultText({ ...about, type: 'list', default: [] }), '')
  assert.equal(defaultText({ ...about, type: 'boolean', default: false }), 'false')
  assert.equal(defaultText({ ...about, type: 'double', default: 1 }), '1.0')
  assert.equal(defaultText({ ...about, type: 'string', default: null }), null)
  assert.equal(defaultText({ ...about, type: 'string' }), null)
})

test('a list ends with an empty item where its text ends with a comma', () => {
  assert.deepEqual(splitList('a,'), ['a', ''])
  assert.deepEqual(splitList(','), ['', ''])
})
