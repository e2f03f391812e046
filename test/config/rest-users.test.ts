// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { restUsers } from '../../lib/config/rest-users.ts'

const shown = (text: string) =>
  Array.from(restUsers(text), ([user, password]) => [user, password.reveal()])

for (const { title, text, users } of [
  {
    title: 'lines as in a credentials file',
    text: '# ours\nalice=wonder:land\nbob = p=q\n',
    users: [
      ['alice', 'wonder:land'],
      ['bob', 'p=q'],
    ],
  },
  { title: 'a JSON object', text: ' {"alice":"s3cret"}', users: [['alice', 's3cret']] },
  { title: 'a password that looks like a reference', text: 'a=x${b:c}', users: [['a', 'x${b:c}']] },
])
  test(`users are read from ${title}`, () => {
    assert.deepEqual(shown(text), users)
  })

for (const { text, reason } of [
  { text: '', reason: 'it names no user' },
  { text: '{}', reason: 'it names no user' },
  { text: 'alice', reason: 'the user alice has no password' },
  { text: '{"alice":""}', reason: 'the user alice has no password' },
  { text: '{"alice":hunter2}', reason: 'it begins like JSON and is none' },
  { text: '{"alice":["hunter2"]}', reason: 'a password in it is no text' },
  { text: '{"":"hunter2"}', reason: 'a user has no name, or a colon in it' },
  { text: '{"a:b":"hunter2"}', reason: 'a user has no name, or a colon in it' },
  {
    text: '${secretsmanager:gone}',
    reason: 'nothing lies at the place that it refers to',
  },
])
  test(`refused as users without showing a password: ${JSON.stringify(text)}`, () => {
    assert.throws(() => restUsers(text), {
      name: 'ConfigException',
      message: `Invalid value [hidden] for configuration rest.basic.users: Expected user=password lines or a JSON object of them, but ${reason}`,
    })
  })

test('a password is not printed', () => {
  assert.ok(!inspect(restUsers('alice=hunter2'), { depth: 5 }).includes('hunter2'))
})
