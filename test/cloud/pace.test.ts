import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paceOf } from '../../lib/cloud/pace.ts'
import { paced } from '../../lib/cloud/paced.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'

const refusal = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error('refused'), { name, $metadata: { httpStatusCode } })

/** Answers what it is told to, the last again and again; notes when it was asked. */
function client(clock: { monotonic(): number }, ...answers: (Error | string)[]) {
  const at: number[] = []
  return {
    at,
    async send(command: string): Promise<string> {
      at.push(clock.monotonic())
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (answer instanceof Error) throw answer
      return `${command}: ${answer}`
    },
  }
}

test('calls go out at the rate given, a few at once after a rest', async () => {
  const clock = tickingClock()
  const pace = paceOf(10, clock)
  const times: number[] = []

  await Promise.all(
    Array.from({ length: 30 }, async () => {
      await pace.turn('urgent')
      times.push(clock.monotonic())
    }),
  )

  assert.deepEqual(times.slice(0, 6), [0, 0, 0, 0, 100, 200])
  assert.equal(times.at(-1), 2_600)
  for (const from of times)
    assert.ok(times.filter((at) => at >= from && at < from + 1_000).length < 15)
})

test('what is urgent goes before all that can wait, each in its order', async () => {
  const clock = tickingClock()
  const pace = paceOf(5, clock)
  const order: string[] = []
  const turn = async (lane: 'urgent' | 'unhurried', name: string) => {
    await pace.turn(lane)
    order.push(name)
  }
  const audits = Array.from({ length: 5 }, (_, at) => turn('unhurried', `audit ${at}`))
  await clock.sleep(10)

  await Promise.all([turn('urgent', 'first'), turn('urgent', 'second'), ...audits])

  assert.deepEqual(order, [
    'audit 0',
    'audit 1',
    'first',
    'second',
    'audit 2',
    'audit 3',
    'audit 4',
  ])
})

test('a throttled call is made again after a pause in which nobody calls', async () => {
  const clock = tickingClock()
  const pace = paceOf(10, clock)
  const service = client(clock, refusal('TooManyRequestsException', 429), 'done')
  const queue = { pace, lane: 'urgent', clock, random: () => 0 } as const

  const answer = await paced(service, queue).send('list')

  assert.equal(answer, 'list: done')
  assert.deepEqual(service.at, [0, 600])
})

for (const { title, error, tries } of [
  { title: 'goes on being throttled', error: refusal('ThrottlingException', 400), tries: 8 },
  { title: 'meets a fault of the service', error: refusal('ServiceException', 500), tries: 8 },
  { title: 'is refused', error: refusal('ServiceQuotaExceededException', 402), tries: 1 },
  {
    title: 'meets what is just being changed',
    error: refusal('ResourceInUseException', 400),
    tries: 1,
  },
])
  test(`a call that ${title} is made ${tries === 1 ? 'once' : `${tries} times`}, then its error passes as it is`, async () => {
    const clock = tickingClock()
    const service = client(clock, error)
    const queue = { pace: paceOf(10, clock), lane: 'urgent', clock, random: () => 0.5 } as const

    await assert.rejects(paced(service, queue).send('list'), error)

    assert.equal(service.at.length, tries)
  })
