import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import type { Groups } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import { answer } from '../../lib/runtime/answer.ts'
import { portsForTest, tickingClock } from './ports-for-test.ts'

/** Answers the question about these groups; of each topic 10 records, of which the group has committed 4. */
function lagsOf(asked: readonly string[], failing: readonly string[]) {
  const offsets: Groups['offsets'] = async (group, topics) => {
    if (failing.includes(group)) throw new RetriableError(`${group}: there is no leader`)
    return topics.map((topic) => ({ topic, partition: 0, committed: 4, start: 0, end: 10 }))
  }
  const ports = portsForTest({ clock: tickingClock() })
  const question = { groups: asked.map((group) => ({ group, topics: ['t'] })) }
  return answer(
    { ask: 'sinkLag', question },
    { ...ports, groups: { ...ports.groups, offsets } },
    pluginsOf([]),
  )
}

test('of groups of which one cannot be told how far it is, the others are told', async () => {
  const reply = await lagsOf(['a', 'b', 'c'], ['b'])

  const lags = ['a', 'c'].map((group) => ({ group, topic: 't', lag: 6 }))
  assert.deepEqual(reply, { answer: { lags } })
})

test('where none can be told, the question fails with the first cause', async () => {
  const reply = await lagsOf(['a', 'b'], ['a', 'b'])

  assert.match(JSON.stringify(reply), /a: there is no leader/)
})
