import assert from 'node:assert/strict'
import { test } from 'node:test'
import { perText } from '../../lib/data/per-text.ts'

test('a text is asked for once, also when the answer is undefined', () => {
  const asked: string[] = []
  const answer = perText((text) => {
    asked.push(text)
    return text === 'a' ? undefined : text.length
  })

  const answers = ['a', 'bb', 'a', 'bb'].map(answer)

  assert.deepEqual(answers, [undefined, 2, undefined, 2])
  assert.deepEqual(asked, ['a', 'bb'])
})

test('an error is thrown each time', () => {
  const answer = perText((text) => {
    throw new Error(text)
  })

  for (let count = 0; count < 2; count++) assert.throws(() => answer('x'), { message: 'x' })
})

test('it does not grow for ever', () => {
  let asked = 0
  const answer = perText(() => asked++)
  answer('first')
  for (let count = 0; count < 1000; count++) answer(String(count))

  answer('first')

  assert.equal(asked, 1002)
})
