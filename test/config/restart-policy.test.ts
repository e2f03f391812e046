import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  lastRestart,
  nextRestart,
  type RestartPolicy,
  restartPolicyOf,
} from '../../lib/config/restart-policy.ts'
import { ConfigError } from '../../lib/errors.ts'

const policy = (change: Partial<RestartPolicy> = {}): RestartPolicy => ({
  max: 3,
  backoffMs: 10_000,
  maxBackoffMs: 25_000,
  ...change,
})

const FAILED_AT = 1_000_000
const healing = { since: FAILED_AT, retriable: true }

for (const { title, of = policy(), failed = healing, last, want } of [
  { title: 'the first comes after the back-off', want: { at: FAILED_AT + 10_000, count: 1 } },
  {
    title: 'the time doubles with each',
    last: { count: 1 },
    want: { at: FAILED_AT + 20_000, count: 2 },
  },
  {
    title: 'the time has a limit',
    last: { count: 2 },
    want: { at: FAILED_AT + 25_000, count: 3 },
  },
  { title: 'after so many it stays FAILED', last: { count: 3 } },
  {
    title: 'one that ran well in between is counted anew',
    failed: { ...healing, ranMs: 300_000 },
    last: { count: 3 },
    want: { at: FAILED_AT + 10_000, count: 1 },
  },
  {
    title: 'one that ran for a shorter time is counted on',
    failed: { ...healing, ranMs: 299_999 },
    last: { count: 3 },
  },
  {
    title: '-1 is without limit',
    of: policy({ max: -1 }),
    last: { count: 5_000 },
    want: { at: FAILED_AT + 25_000, count: 5_001 },
  },
  { title: '0 is off', of: policy({ max: 0 }) },
  { title: 'what cannot heal is not restarted', failed: { since: FAILED_AT, retriable: false } },
  { title: 'what nobody knows to heal is not either', failed: { since: FAILED_AT } },
] as readonly {
  readonly title: string
  readonly of?: RestartPolicy
  readonly failed?: Parameters<typeof nextRestart>[1]
  readonly last?: Parameters<typeof nextRestart>[2]
  readonly want?: ReturnType<typeof nextRestart>
}[])
  test(title, () => assert.deepEqual(nextRestart(of, failed, last), want))

test('off unless somebody says else, the connector before the worker', () => {
  const off = { max: 0, backoffMs: 10_000, maxBackoffMs: 300_000 }

  assert.deepEqual(restartPolicyOf({ 'connector.class': 'X' }), off)
  assert.deepEqual(
    restartPolicyOf(
      { 'task.restart.max': '5' },
      { 'task.restart.max': '-1', 'task.restart.backoff.ms': '7' },
    ),
    { ...off, max: 5, backoffMs: 7 },
  )
})

test('a wrong number is refused by its key', () => {
  assert.throws(
    () => restartPolicyOf({ 'task.restart.max': '-2' }),
    new ConfigError(
      'Invalid value -2 for configuration task.restart.max: Value must be at least -1',
    ),
  )
})

test('an automatic restart counts while no restart by hand and no other configuration came after it', () => {
  const made = { count: 2, restart: 4, version: 7 }
  const row = { version: 7, restarts: { tasks: { 1: 4 }, automatic: { 1: made } } }

  assert.equal(lastRestart(row, 1), made)
  assert.equal(lastRestart(row, 0), undefined)
  assert.equal(lastRestart({ ...row, version: 8 }, 1), undefined)
  const byHand = { ...row, restarts: { ...row.restarts, tasks: { 1: 5 } } }
  assert.equal(lastRestart(byHand, 1), undefined)
})
