import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterFailure } from '../../lib/coordinator/failure-record.ts'
import type { ConnectorRow, FailureRecord } from '../../lib/ports.ts'
import { coordinatedWorld } from './world.ts'

const SOURCE = { 'connector.class': 'TableSourceConnector', tables: 'a', 'tasks.max': '1' }

/** As Lambda writes it of a container that was killed. */
const recordOf = (
  requestId: string,
  requestPayload: unknown,
  change: {
    readonly kind?: string
    readonly condition?: string
    readonly began?: false
  } = {},
): FailureRecord => ({
  version: '1.0',
  timestamp: '2026-01-01T00:00:00.000Z',
  requestContext: {
    requestId,
    functionArn: `arn:aws:lambda:eu-west-1:1:function:connectless-dev-${change.kind ?? 'source'}:live`,
    condition: change.condition ?? 'RetriesExhausted',
    approximateInvokeCount: 1,
  },
  requestPayload,
  ...(change.began !== false && {
    responseContext: { statusCode: 200, executedVersion: '1', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Sandbox.Timedout', errorMessage: 'timed out' },
  }),
})

/** A running task whose holder is gone without a word: its invocation does nothing here, but holds the lease. */
async function worldWithDead(invocation = 'dead') {
  const world = coordinatedWorld()
  await world.send('PUT', '/connectors/c/config', SOURCE)
  await world.pass(2)
  await world.send('PUT', '/connectors/c/pause')
  await world.passUntilIdle()
  const invoked: number[] = []
  const ports = {
    ...world.ports,
    invoker: {
      ...world.ports.invoker,
      source: async ({ task }: { readonly task: number }) => void invoked.push(task),
      sink: async ({ task }: { readonly task: number }) => void invoked.push(100 + task),
      coordinator: async () => undefined,
    },
  }
  const generation = (await ports.tasks.generation('c'))?.generation ?? 0
  await world.send('PUT', '/connectors/c/resume')
  await world.passUntilIdle()
  await world.close()
  async function die(id = invocation) {
    const answer = await ports.leases.take({
      connector: 'c',
      task: 0,
      owner: 'container',
      invocation: id,
      generation,
      ttlMs: 15_000,
      invocationEndsAt: ports.clock.now() + 900_000,
    })
    assert.ok('taken' in answer, JSON.stringify(answer))
  }
  /** As the api writes it, but nobody is nudged. */
  async function change(to: Partial<ConnectorRow>) {
    const row = await ports.configs.get('c')
    assert.ok(row)
    await ports.configs.put({ ...row, ...to }, row.revision)
  }
  const isHeld = async () => (await ports.leases.list('c')).some(({ released }) => !released)
  return {
    ...world,
    ...{ ports, invoked, die, change, isHeld },
    told: (record: FailureRecord) => afterFailure(record, ports, world.plugins),
  }
}

const EVENT = { connector: 'c', task: 0 }

test('a task whose invocation died gives its lease back and is invoked anew at once; told again, nothing happens', async () => {
  const { die, told, invoked, isHeld } = await worldWithDead()
  await die()

  await told(recordOf('dead', EVENT))
  assert.deepEqual([invoked, await isHeld()], [[0], false])
  await told(recordOf('dead', EVENT))

  assert.deepEqual(invoked, [0])
})

test('a record that comes late takes nothing from the successor', async () => {
  const { die, told, invoked, isHeld } = await worldWithDead()
  await die('successor')

  await told(recordOf('dead', EVENT))

  assert.deepEqual([invoked, await isHeld()], [[], true])
})

test('a task that dies again and again at once waits for the tick after the third time in a minute', async () => {
  const { die, told, invoked, isHeld, clock } = await worldWithDead()
  for (const id of ['1', '2', '3', '4', '5']) {
    await die(id)
    await told(recordOf(id, EVENT))
    assert.equal(await isHeld(), false)
  }
  assert.equal(invoked.length, 3)

  await clock.sleep(60_000)
  await die('6')
  await told(recordOf('6', EVENT))

  assert.equal(invoked.length, 4)
})

for (const [state, to] of [
  ['paused', { targetState: 'PAUSED' }],
  ['stopped', { targetState: 'STOPPED' }],
  ['deleted', { deleted: true }],
] as const)
  test(`the lease of a ${state} connector’s task is given back, and the task is not run`, async () => {
    const { die, told, invoked, isHeld, change } = await worldWithDead()
    await die()
    await change(to)

    await told(recordOf('dead', EVENT))

    assert.equal(await isHeld(), false)
    // Woken to say that it has paused, which it had not seen when it died.
    assert.deepEqual(invoked, state === 'paused' ? [0] : [])
  })

test('an event that was given up before it began leads to a look, which wakes nobody who does well', async () => {
  const { told, invoked, change } = await worldWithDead()

  await told(recordOf('never', EVENT, { condition: 'EventAgeExceeded', began: false }))
  assert.deepEqual(invoked, [])
  await change({ targetState: 'PAUSED' })
  await told(recordOf('neither', EVENT, { condition: 'EventAgeExceeded', began: false }))

  assert.deepEqual(invoked, [0])
})

test('a sink or a coordinator that died leads to a look at that connector, three times a minute at most', async () => {
  const { told, invoked, change } = await worldWithDead()
  await change({ targetState: 'PAUSED' })

  for (const id of ['1', '2', '3', '4', '5'])
    await told(recordOf(id, { connector: 'c', task: 0 }, { kind: 'sink' }))
  assert.deepEqual(invoked, [0, 0, 0])
  await told(recordOf('a', { connector: 'c' }, { kind: 'coordinator' }))

  assert.deepEqual(invoked, [0, 0, 0, 0])
})

test('a record of a tick, or of what is no event of ours, does nothing', async () => {
  const { told, invoked } = await worldWithDead()
  for (const payload of [{}, null, 'text', 7, { connector: 7 }, { ask: 'probe', question: {} }])
    await told(recordOf('x', payload, { kind: 'coordinator' }))

  assert.deepEqual(invoked, [])
})
