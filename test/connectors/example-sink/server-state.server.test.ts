import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { batch, privateRedis, redisForTest } from '../redis-for-test.ts'

const row = (id: bigint, name = 'A') => ({ id, name })

describe('a server', async () => {
  const server = await privateRedis('--requirepass', 'right', '--maxmemory-policy', 'noeviction')
  const own = redisForTest({ ...server, password: 'right' })
  after(async () => {
    await own.clear()
    await server.stop()
  })

  test('refuses a wrong password and none', async () => {
    await assert.rejects(own.start(own.config({ 'redis.password': 'wrong' })), {
      name: 'ConnectException',
      message: /failed: WRONGPASS .* \(redis\.password\)$/,
    })
    await assert.rejects(own.start(own.config({ 'redis.password': '' })), {
      name: 'ConnectException',
      message: /failed: NOAUTH .* \(redis\.password\)$/,
    })
  })

  test('that is out of memory takes the batch when it has some again', async () => {
    const task = await own.start()
    await own.client.config('SET', 'maxmemory', '1')

    await assert.rejects(task.put([own.record('oom', row(1n))], batch('x')), {
      name: 'RetriableException',
      message: /^Writing to Redis at .* failed: OOM /,
    })

    await own.client.config('SET', 'maxmemory', '0')
    await task.put([own.record('oom', row(1n))], batch('x'))
    assert.equal(await own.client.get(`${own.topic}_oom`), '{"id":1,"name":"A"}')
  })

  test('that runs out of memory within a batch writes no later record before an earlier one', async () => {
    const task = await own.start()
    const { used_memory: used } = Object.fromEntries(
      (await own.client.info('memory')).split('\r\n').map((line) => line.split(':')),
    )
    await own.client.config('SET', 'maxmemory', String(Number(used) + 2 ** 20))
    const records = Array.from({ length: 20_000 }, (_, at) =>
      own.record(`fill${at}`, row(BigInt(at), 'x'.repeat(100))),
    )

    await assert.rejects(task.put(records, batch('x')), {
      name: 'RetriableException',
      message: / OOM /,
    })

    const written = new Set(await own.client.keys(`${own.topic}_fill*`))
    await own.client.config('SET', 'maxmemory', '0')
    assert.ok(written.size > 0 && written.size < 20_000)
    for (let at = 0; at < written.size; at++) assert.ok(written.has(`${own.topic}_fill${at}`))
  })

  test('that only replicates takes the batch when it is a master again', async () => {
    const task = await own.start()
    await own.client.replicaof('127.0.0.1', '1')

    await assert.rejects(task.put([own.record('replica', row(1n))], batch('x')), {
      name: 'RetriableException',
      message: /failed: READONLY /,
    })

    await own.client.replicaof('NO', 'ONE')
    await task.put([own.record('replica', row(1n))], batch('x'))
    assert.equal(await own.client.exists(`${own.topic}_replica`), 1)
  })

  test('whose user may not run scripts fails the task for good', async () => {
    const task = await own.start()
    await own.client.acl('SETUSER', 'default', '-eval')

    await assert.rejects(task.put([own.record('acl', row(1n))], batch('x')), {
      name: 'ConnectException',
      message: /failed: NOPERM .* \(redis\.password\)$/,
    })

    await own.client.acl('SETUSER', 'default', '+eval')
  })

  test('that is gone fails the batch', async () => {
    const gone = await privateRedis()
    const { client, start, record } = redisForTest(gone)
    const task = await start()
    client.disconnect()
    await gone.stop()

    await assert.rejects(task.put([record('gone', row(1n))], batch('x')), {
      name: 'RetriableException',
    })
    await assert.rejects(task.put([record('gone', row(1n))], batch('x')), {
      name: 'RetriableException',
      message: /ECONNREFUSED/,
    })
  })
})
