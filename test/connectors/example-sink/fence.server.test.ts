import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TcpProxy, tcpProxy } from '../../../infra/tcp-proxy.ts'
import type { SinkRecord } from '../../../lib/data/record.ts'
import { batch, redisForTest, until } from '../redis-for-test.ts'

const redis = redisForTest()
after(() => redis.clear())
const { client, topic } = redis

const COUNT = 3_000

const versions = (name: string, count = COUNT): SinkRecord[] =>
  Array.from({ length: count }, (_, at) => redis.record(`k${at}`, { id: BigInt(at), name }))

async function stored(): Promise<Map<string, number>> {
  const keys = (await redis.keys()).filter((key) => key.startsWith(topic))
  const counts = new Map<string, number>()
  for (const text of keys.length > 0 ? await client.mget(keys) : []) {
    const { name } = JSON.parse(text ?? '{}') as { name: string }
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

const fences = async () => (await redis.keys()).filter((key) => key.startsWith('connectless:'))

/** A task whose way to the server can be held up: what it has sent arrives later. */
async function heldUp() {
  const proxy = await tcpProxy({ host: client.options.host ?? '', port: client.options.port ?? 0 })
  const config = redis.config({ 'redis.host': proxy.host, 'redis.port': String(proxy.port) })
  return { proxy, task: await redis.start(config) }
}

/** Its owner’s time is not over at the first `looks` looks; before the last of them the way is held. */
const holdingAt = (look: number, proxy: TcpProxy, later: number) => {
  let looks = 0
  return () => {
    if (++looks === look) proxy.hold()
    return looks > look ? later : 60_000
  }
}

describe('writes of a delivery that arrive after another one has taken the partition over', () => {
  test('are refused once that one is done', async () => {
    const [older, newer] = [await heldUp(), await redis.start()]
    const putting = assert.rejects(
      older.task.put(versions('old'), batch('old', holdingAt(2, older.proxy, 0))),
      { name: 'RetriableException', message: / FENCED / },
    )
    await until(async () => (await fences()).length === 1)

    await newer.put(versions('new'), batch('new'))
    older.proxy.release()

    await putting
    assert.deepEqual(await stored(), new Map([['new', COUNT]]))
    assert.deepEqual(await fences(), [])
    await older.proxy.close()
  })

  test('are refused while that one is at it, which does not suffer', async () => {
    const [older, newer] = [await heldUp(), await heldUp()]
    const putting = assert.rejects(
      older.task.put(versions('old'), batch('old', holdingAt(2, older.proxy, 0))),
      { name: 'RetriableException', message: / FENCED / },
    )
    await until(async () => (await fences()).length === 1)
    const takenBy = await client.get((await fences())[0] ?? '')
    const puttingNew = newer.task.put(
      versions('new'),
      batch('new', holdingAt(2, newer.proxy, 60_000)),
    )
    await until(async () => (await client.get((await fences())[0] ?? '')) !== takenBy)

    older.proxy.release()
    await putting
    assert.deepEqual((await stored()).get('old'), undefined)
    newer.proxy.release()

    await puttingNew
    assert.deepEqual(await stored(), new Map([['new', COUNT]]))
    assert.deepEqual(await fences(), [])
    await older.proxy.close()
    await newer.proxy.close()
  })

  test('do not even begin when its fence was what came late', async () => {
    const [older, newer] = [await heldUp(), await redis.start()]
    const putting = assert.rejects(
      older.task.put(versions('old'), batch('old', holdingAt(1, older.proxy, 0))),
      { name: 'RetriableException', message: /^The time of this delivery is over/ },
    )

    await newer.put(versions('new'), batch('new'))
    older.proxy.release()

    await putting
    assert.deepEqual(await stored(), new Map([['new', COUNT]]))
    // It has taken the fence from nobody, and leaves it to expire.
    const [left] = await fences()
    assert.ok(left && (await client.ttl(left)) <= 60)
    await newer.put(versions('newer'), batch('newer'))
    assert.deepEqual(await fences(), [])
    await older.proxy.close()
  })
})

test('a fence that comes late in the midst of another delivery stops that one before it may write anything wrong', async () => {
  const [older, newer] = [await heldUp(), await heldUp()]
  const putting = assert.rejects(
    older.task.put(versions('old'), batch('old', holdingAt(1, older.proxy, 0))),
    { message: /^The time of this delivery is over/ },
  )
  const puttingNew = assert.rejects(
    newer.task.put(versions('new'), batch('new', holdingAt(2, newer.proxy, 60_000))),
    { name: 'RetriableException', message: / FENCED / },
  )
  await until(async () => (await fences()).length === 1)

  older.proxy.release()
  await putting
  newer.proxy.release()
  await puttingNew
  await newer.task.put(versions('again'), batch('again'))

  assert.deepEqual(await stored(), new Map([['again', COUNT]]))
  await older.proxy.close()
  await newer.proxy.close()
})

test('a delivery whose time was over before it began touches nothing', async () => {
  const task = await redis.start()
  const before = await stored()

  await assert.rejects(
    task.put(
      versions('late'),
      batch('late', () => 0),
    ),
    {
      name: 'RetriableException',
    },
  )

  assert.deepEqual(await stored(), before)
  assert.deepEqual(await fences(), [])
})

test('two partitions of a topic do not disturb each other', async () => {
  const [one, other] = [await redis.start(), await redis.start()]
  const halves = [0, 1].map((partition) =>
    versions('half')
      .filter((_, at) => at % 2 === partition)
      .map((record) => ({ ...record, originalPartition: partition })),
  )

  await Promise.all([one.put(halves[0] ?? [], batch('a')), other.put(halves[1] ?? [], batch('b'))])

  assert.deepEqual(await stored(), new Map([['half', COUNT]]))
})

describe('a process that is frozen', () => {
  const RECORDS = 20_000
  const DEADLINE_MS = 500

  const moments = [
    {
      title: 'before it takes the fences',
      freezeAt: 'look 1',
      outcome: /The time of this delivery is over/,
    },
    {
      title: 'when it has taken them',
      freezeAt: 'look 2',
      outcome: /The time of this delivery is over/,
    },
    { title: 'before its first write', freezeAt: 'record 0', outcome: / FENCED / },
    { title: 'in the midst of its batch', freezeAt: 'record 10000', outcome: / FENCED / },
    { title: 'before its last write', freezeAt: `record ${RECORDS - 1}`, outcome: / FENCED / },
  ]
  for (const { title, freezeAt, outcome } of moments)
    test(`${title} writes nothing more when it wakes up after another has taken over`, async () => {
      const newer = await redis.start()
      const child = fork(new URL('./frozen-writer.ts', import.meta.url), {
        execArgv: [],
        env: {
          ...process.env,
          ...{ TOPIC: topic, CONNECTOR: redis.connector, CONFIG: JSON.stringify(redis.config()) },
          ...{ RECORDS: `${RECORDS}`, DEADLINE_MS: `${DEADLINE_MS}`, FREEZE_AT: freezeAt },
        },
      })
      const ended = once(child, 'exit')
      await message(child, 'freezing')
      const told = message(child)
      // It stops right after it has said so; somebody takes over once its time must be over.
      await sleep(DEADLINE_MS)

      await newer.put(versions('new', RECORDS), batch('new'))
      child.kill('SIGCONT')

      assert.match(String(await told), outcome)
      assert.deepEqual(await stored(), new Map([['new', RECORDS]]))
      await ended
    })
})

async function message(child: ChildProcess, wanted?: string): Promise<unknown> {
  const [told] = await once(child, 'message')
  if (wanted !== undefined) assert.equal(told, wanted)
  return told
}
