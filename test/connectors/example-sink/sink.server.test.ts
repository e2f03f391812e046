import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { closedPort, tcpProxy } from '../../../infra/tcp-proxy.ts'
import { batch, DATABASE, type Reported, redisForTest } from '../redis-for-test.ts'

const redis = redisForTest()
after(() => redis.clear())
const { client, record, topic } = redis

const row = (id: bigint, name: string | null = 'A') => ({ id, name })

test('a record is kept as JSON under topic and key, and a tombstone removes it', async () => {
  const task = await redis.start()

  await task.put([record('1', row(1n)), record('2', row(9223372036854775807n, null))], batch('a'))
  assert.equal(await client.get(`${topic}_1`), '{"id":1,"name":"A"}')
  assert.equal(await client.get(`${topic}_2`), '{"id":9223372036854775807,"name":null}')

  await task.put([record('1', null)], batch('b'))
  assert.deepEqual(await redis.keys(), [`${topic}_2`])
})

test('within a batch the records of a key take effect in their order', async () => {
  const task = await redis.start()
  const batches = [
    [row(1n, 'a'), null, row(2n, 'b')],
    [row(3n, 'c'), row(4n, 'd'), null],
    [null, row(5n, 'e'), row(6n, 'f')],
  ]
  const results: (string | null)[] = []

  for (const values of batches) {
    const records = values.flatMap((value, at) => [
      record('ordered', value),
      record(`other${at}`, row(0n)),
    ])
    await task.put(records, batch('x'))
    results.push(await client.get(`${topic}_ordered`))
  }

  assert.deepEqual(results, ['{"id":2,"name":"b"}', null, '{"id":6,"name":"f"}'])
})

test('many records of many partitions all arrive, the newest of each key, and nothing else stays', async () => {
  const task = await redis.start()
  const records = Array.from({ length: 12_000 }, (_, at) =>
    record(`many${at % 5_000}`, at % 5_000 === 17 ? null : row(BigInt(at), 'x'.repeat(50)), {
      offset: at,
    }),
  )
  // Whoever holds all records of a key in one partition, as Kafka does, finds them in order.
  const byKey = records.map((one) => ({
    ...one,
    originalPartition: Number(String(one.key).slice(4)) % 3,
  }))

  await task.put(byKey, batch('many'))

  const keys = await client.keys(`${topic}_many*`)
  assert.equal(keys.length, 4_999)
  assert.equal(await client.get(`${topic}_many17`), null)
  assert.match((await client.get(`${topic}_many1`)) ?? '', /^\{"id":10001,/)
  assert.match((await client.get(`${topic}_many4999`)) ?? '', /^\{"id":9999,/)
  assert.deepEqual(
    (await redis.keys()).filter((key) => key.startsWith('connectless')),
    [],
  )
})

describe('a record that cannot be written', () => {
  test('is reported, and the others are written', async () => {
    const reported: Reported[] = []
    const task = await redis.start(undefined, reported)
    const [good, number, text, keyless] = [
      record('good', row(1n)),
      record('bad', 5n, { valueSchema: { type: 'int64' } }),
      record('bad', { id: 'x', name: null }),
      record(null, row(2n)),
    ]

    await task.put([number, good, text, keyless], batch('x'))

    assert.deepEqual(
      reported.map(({ offset, error }) => [offset, error.name, error.message]),
      [
        [
          number.offset,
          'DataException',
          "The record's value is of type INT64; it must be a STRUCT to be written to Redis",
        ],
        [text.offset, 'DataException', 'field id: java.lang.String for INT64'],
        [
          keyless.offset,
          'DataException',
          "The record's key is null; it must be a STRING to be written to Redis",
        ],
      ],
    )
    assert.deepEqual(
      (await redis.keys()).filter((key) => /good|bad|fence/.test(key)),
      [`${topic}_good`],
    )
  })

  test('fails the batch where it is not tolerated', async () => {
    const untolerated = new Error('Tolerance exceeded in error handler')
    const task = await redis.start(undefined, {
      push: () => {
        throw untolerated
      },
    } as unknown as Reported[])

    await assert.rejects(task.put([record(null, null)], batch('x')), untolerated)
  })

  test('is not reported while the batch has to be delivered again', async () => {
    const reported: Reported[] = []
    const task = await redis.start(undefined, reported)

    await assert.rejects(
      task.put(
        [record(null, null)],
        batch('x', () => 0),
      ),
    )

    assert.deepEqual(reported, [])
  })
})

describe('a task that cannot start tells why, and by which key', () => {
  test('a database that there is not', async () => {
    await assert.rejects(redis.start(redis.config({ 'redis.database': '4711' })), {
      name: 'ConnectException',
      retriable: false,
      message:
        /^Connecting to Redis at .*, database 4711 failed: ERR DB index is out of range \(redis\.database\)$/,
    })
  })

  test('a password where none is wanted', async () => {
    await assert.rejects(
      redis.start(redis.config({ 'redis.password': 'top-secret' })),
      (error: Error) => {
        assert.equal(error.name, 'ConnectException')
        assert.match(error.message, /without any password configured.* \(redis\.password\)$/)
        assert.doesNotMatch(JSON.stringify(error) + error.stack, /top-secret/)
        return true
      },
    )
  })

  test('a port where nobody listens, which may heal', async () => {
    const port = await closedPort()

    await assert.rejects(
      redis.start(redis.config({ 'redis.host': '127.0.0.1', 'redis.port': String(port) })),
      {
        name: 'RetriableException',
        message: `Connecting to Redis at 127.0.0.1:${port}, database ${DATABASE} failed: connect ECONNREFUSED 127.0.0.1:${port}`,
      },
    )
  })

  test('a host that nobody knows, which may heal', async () => {
    await assert.rejects(redis.start(redis.config({ 'redis.host': 'no-such-host.invalid' })), {
      name: 'RetriableException',
      message: /Redis at no-such-host\.invalid:.*(ENOTFOUND|EAI_AGAIN)/,
    })
  })
})

describe('a connection that is lost', () => {
  const sessionsOf = async () =>
    String(await client.client('LIST'))
      .split('\n')
      .filter((line) => line.includes(`name=connectless-${redis.connector}-0 `))

  test('between batches does not matter: the next one connects anew', async () => {
    const task = await redis.start()
    await task.put([record('a', row(1n))], batch('a'))
    for (const line of await sessionsOf())
      await client.client('KILL', 'ID', /id=(\d+)/.exec(line)?.[1] ?? '')

    // The connection may not have heard of it yet: then the batch fails, and its next delivery does not.
    await task.put([record('a', row(2n))], batch('b')).catch((error) => {
      assert.equal(error.name, 'RetriableException')
      return task.put([record('a', row(2n))], batch('b'))
    })

    assert.equal(await client.get(`${topic}_a`), '{"id":2,"name":"A"}')
    assert.equal((await sessionsOf()).length > 0, true)
  })

  test('in the midst of a batch fails it, and nothing is sent again by itself', async () => {
    const proxy = await tcpProxy({
      host: client.options.host ?? '',
      port: client.options.port ?? 0,
    })
    const task = await redis.start(
      redis.config({ 'redis.host': proxy.host, 'redis.port': String(proxy.port) }),
    )
    const records = Array.from({ length: 20_000 }, (_, at) => record(`cut${at}`, row(BigInt(at))))
    let looks = 0
    const remainingMs = () => {
      // The second look is the one after the fences were taken.
      if (++looks === 2) setImmediate(() => proxy.cut())
      return 60_000
    }

    await assert.rejects(task.put(records, batch('cut', remainingMs)), {
      name: 'RetriableException',
    })
    assert.equal(proxy.count(), 1)

    await task.put(records, batch('again'))
    assert.equal(proxy.count(), 2)
    assert.equal((await client.keys(`${topic}_cut*`)).length, 20_000)
    assert.deepEqual(
      (await redis.keys()).filter((key) => key.startsWith('connectless')),
      [],
    )
    await task.stop()
    await proxy.close()
  })

  test('a stop ends the batch that is under way', async () => {
    const proxy = await tcpProxy({
      host: client.options.host ?? '',
      port: client.options.port ?? 0,
    })
    const task = await redis.start(
      redis.config({ 'redis.host': proxy.host, 'redis.port': String(proxy.port) }),
    )
    proxy.hold()
    const putting = assert.rejects(task.put([record('held', row(1n))], batch('x')), {
      name: 'RetriableException',
    })

    await task.stop()

    await putting
    await proxy.close()
  })
})
