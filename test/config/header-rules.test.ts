import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerRules } from '../../lib/config/header-rules.ts'

for (const { title, text, rules } of [
  { title: 'nothing', text: '', rules: [] },
  { title: 'one', text: 'set X-A:1', rules: [['set', 'X-A', '1']] },
  {
    title: 'several, with a comma in quotes and actions in any case',
    text: '"add X-Probe:1, 2", SET Cache-Control: no-cache,setDate Expires:31540000000,addDate Last-Modified:0',
    rules: [
      ['add', 'X-Probe', '1, 2'],
      ['set', 'Cache-Control', 'no-cache'],
      ['setdate', 'Expires', '31540000000'],
      ['adddate', 'Last-Modified', '0'],
    ],
  },
  { title: 'a colon in the value', text: 'set X-A:b:c', rules: [['set', 'X-A', 'b:c']] },
  { title: 'a quote in quotes', text: '"set X-A:\\"q\\", r"', rules: [['set', 'X-A', '"q", r']] },
])
  test(`headers of every answer: ${title}`, () => {
    const found = headerRules(text).map(({ action, name, value }) => [action, name, value])

    assert.deepEqual(found, rules)
  })

for (const [text, message] of [
  [
    'set',
    "Invalid format of header config 'set'. Expected: '[action] [header name]:[header value]'",
  ],
  [
    'put X-A:1',
    "Invalid header config action: 'put'. Expected one of [set, add, setDate, addDate]",
  ],
  [
    'set X-A',
    "Invalid format of header name and header value pair 'X-A'. Expected: '[header name]:[header value]'",
  ],
  [
    'set X-A:',
    "Invalid format of header name and header value pair 'X-A:'. Expected: '[header name]:[header value]'",
  ],
  ['set X A:1', "Invalid header name 'X A'. The '[header name]' cannot contain whitespace"],
  ['set X(:1', "Invalid header name 'X('"],
  ['setDate X-A:tomorrow', "Invalid value of header 'X-A': Expected milliseconds from now"],
  ['set X-A:a\nb', "Invalid value of header 'X-A'"],
] as const)
  test(`refused as a header: ${JSON.stringify(text)}`, () => {
    assert.throws(() => headerRules(text), { message })
  })
