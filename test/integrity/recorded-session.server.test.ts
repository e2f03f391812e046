import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { ACCEPTED } from '../../infra/parity/accepted.ts'
import { replay } from '../../infra/parity/replay.ts'

let played: Awaited<ReturnType<typeof replay>>

before(async () => {
  played = await replay()
})

test('at least 95 % of the answers of a recorded session equal those of Kafka Connect', () => {
  const equal = played.requests - played.differences.length

  assert.ok(played.requests > 400)
  assert.ok(equal / played.requests >= 0.95, `${equal} of ${played.requests}`)
})

test('the other answers differ on purpose', () => {
  const unexpected = played.differences.filter(
    ({ request }) => !ACCEPTED.some((one) => one.request === request),
  )

  assert.deepEqual(unexpected, [])
})

test('what is said to differ does', () => {
  const differing = new Set(played.differences.map(({ request }) => request))

  assert.deepEqual(
    ACCEPTED.filter(({ request }) => !differing.has(request)),
    [],
    'to be taken out of infra/parity/accepted.ts',
  )
})

test('what differs on purpose is told to users', () => {
  const told = readFileSync(new URL('../../docs/differences.md', import.meta.url), 'utf8')

  for (const { row, reason } of ACCEPTED)
    assert.ok(told.includes(`| ${row} |`), `${row}: ${reason}`)
})
