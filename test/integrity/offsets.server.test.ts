import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { ask, waitForStatus } from './rest-client.ts'
import { topicContent } from './topic-content.ts'

const TEXT = 'org.apache.kafka.connect.storage.StringConverter'
const CONVERTERS = { 'key.converter': TEXT, 'value.converter': TEXT }
/** As short as may be: after it a group knows that a member was killed. */
const SHORT_SESSION = { 'session.timeout.ms': '6000' }
const ALTERED = '{"message":"The offsets for this connector have been altered successfully"}'
const RESET = '{"message":"The offsets for this connector have been reset successfully"}'

let servers: BenchServers
let folder: string

before(async () => {
  servers = await openServers()
  folder = await mkdtemp(join(tmpdir(), 'offsets-'))
})
after(async () => {
  await servers.close()
  await rm(folder, { recursive: true })
})

type Offsets = readonly { readonly partition: object; readonly offset: object }[]

/** One connector of a worker that can be killed. */
function controls(name: string, worker: () => ConnectlessProcess) {
  const path = `/connectors/${name}`
  const expecting = async (status: number, method: string, at: string, body?: unknown) => {
    const answer = await ask(worker().url, method, `${path}${at}`, body)
    assert.equal(answer.status, status, answer.text)
    return answer.text
  }
  return {
    put: (config: object) => expecting(201, 'PUT', '/config', config),
    remove: () => expecting(204, 'DELETE', ''),
    stop: () => expecting(204, 'PUT', '/stop'),
    resume: () => expecting(202, 'PUT', '/resume'),
    alter: async (offsets: Offsets) =>
      assert.equal(await expecting(200, 'PATCH', '/offsets', { offsets }), ALTERED),
    reset: async () => assert.equal(await expecting(200, 'DELETE', '/offsets'), RESET),
    offsets: async (): Promise<Offsets> =>
      // Kafka Connect's answer.
      (JSON.parse(await expecting(200, 'GET', '/offsets')) as { offsets: Offsets }).offsets,
    isRunning: () =>
      waitForStatus(
        worker().url,
        name,
        ({ connector, tasks }) => connector.state === 'RUNNING' && tasks.length > 0,
        20_000,
      ),
  }
}

const reached = (what: () => Promise<unknown>, want: unknown) =>
  until(async () => JSON.stringify(await what()) === JSON.stringify(want), 50, 30_000)

test('a source goes on from the offset that it was given, starts over after a reset, and goes on when it is made again; kill -9 on the way changes nothing', async () => {
  const file = join(folder, 'from.txt')
  const topic = `${servers.name}_lines`
  const name = `${servers.name}_source`
  const line = (at: number) => `line ${String(at).padStart(3, '0')}\n`
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => line(from + at))
  const bytes = Buffer.byteLength(line(0))
  await writeFile(file, lines(0, 100).join(''))
  const config = { 'connector.class': 'FileStreamSource', file, topic, ...CONVERTERS }
  const at = (line: number) => [
    { partition: { filename: file }, offset: { position: line * bytes } },
  ]
  const sent = async () =>
    (await topicContent(servers.kafka, topic)).map(({ value }) => `${value}\n`)
  let worker = await servers.connectless({ 'offset.flush.interval.ms': '50' })
  const { put, remove, stop, resume, alter, reset, offsets } = controls(name, () => worker)

  await put(config)
  await reached(offsets, at(100))
  await stop()
  await alter(at(60))
  assert.deepEqual(await offsets(), at(60))
  await worker.kill()
  worker = await servers.connectless({ 'offset.flush.interval.ms': '50' })
  await resume()
  await reached(() => servers.ends(topic), 140)
  await reached(offsets, at(100))

  await stop()
  await reset()
  assert.deepEqual(await offsets(), [])
  await resume()
  await reached(() => servers.ends(topic), 240)
  await reached(offsets, at(100))

  await stop()
  await alter(at(95))
  await remove()
  await put(config)
  await reached(() => servers.ends(topic), 245)
  await reached(offsets, at(100))

  assert.deepEqual(await sent(), [
    ...lines(0, 100),
    ...lines(60, 100),
    ...lines(0, 100),
    ...lines(95, 100),
  ])
  await remove()
  await worker.stop()
})

test('a process that is frozen in the midst of a copy, and wakes up after offsets were altered by another, changes none of them', async (t) => {
  const file = join(folder, 'frozen.txt')
  const topic = `${servers.name}_frozen`
  const name = `${servers.name}_frozen`
  const lines = 2_000_000
  await writeFile(file, 'line\n'.repeat(lines))
  // What it has sent it has not committed yet.
  const late = { 'offset.flush.interval.ms': '60000' }
  const frozen = await servers.connectless(late)
  t.after(() => frozen.process.kill('SIGCONT'))
  const config = { 'connector.class': 'FileStreamSource', file, topic, ...CONVERTERS }
  const at = (line: number) => [{ partition: { filename: file }, offset: { position: 5 * line } }]

  await controls(name, () => frozen).put(config)
  await until(async () => (await servers.ends(topic)) > 1_000, 25, 20_000)
  frozen.process.kill('SIGSTOP')
  const other = await servers.connectless()
  const { stop, alter, resume, remove, offsets } = controls(name, () => other)
  assert.deepEqual(await offsets(), [])
  await stop()
  await alter(at(lines - 2))
  frozen.process.kill('SIGCONT')
  await frozen.stop()

  assert.deepEqual(await offsets(), at(lines - 2))
  const before = await servers.ends(topic)
  assert.ok(before < lines)
  await resume()
  await reached(offsets, at(lines))
  assert.equal(await servers.ends(topic), before + 2)
  await remove()
  await other.stop()
})

for (const count of [1, 2])
  test(`a sink of ${count} topics goes on from the offsets that it was given, starts over after a reset, and goes on when it is made again; kill -9 on the way changes nothing`, async () => {
    const file = join(folder, `to-${count}.txt`)
    const name = `${servers.name}_sink_${count}`
    const topics = ['b', 'a'].slice(0, count).map((letter) => `${name}_${letter}`)
    const texts = (topic: string, from: number) =>
      Array.from({ length: 10 - from }, (_, at) => `${topic} ${from + at}`)
    await servers.admin.createTopics({ topics: topics.map((topic) => ({ topic })) })
    const producer = servers.kafka.producer()
    await producer.connect()
    for (const topic of topics)
      await producer.send({ topic, messages: texts(topic, 0).map((value) => ({ value })) })
    await producer.disconnect()
    const config = {
      'connector.class': 'FileStreamSink',
      topics: topics.join(','),
      file,
      ...CONVERTERS,
    }
    const at = (offsetOf: (topic: string) => number | null) =>
      topics.toSorted().flatMap((topic) => {
        const offset = offsetOf(topic)
        const partition = { kafka_partition: 0, kafka_topic: topic }
        return offset === null ? [] : [{ partition, offset: { kafka_offset: offset } }]
      })
    /** The file's lines, in the order of their texts: topics are written side by side. */
    const written = async () =>
      (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1).sort()
    const all = topics.flatMap((topic) => texts(topic, 0))
    let worker = await servers.connectless(SHORT_SESSION)
    const { put, remove, stop, resume, alter, reset, offsets, isRunning } = controls(
      name,
      () => worker,
    )

    await put(config)
    await reached(
      offsets,
      at(() => 10),
    )
    assert.deepEqual(await written(), all.toSorted())

    // Killed while it is a member of its groups, which do not know so yet.
    await worker.kill()
    worker = await servers.connectless(SHORT_SESSION)
    await stop()
    await alter([
      ...at((topic) => (topic === topics[0] ? 6 : null)),
      ...at((topic) => (topic === topics[1] ? 0 : null)).map(({ partition }) => ({
        partition,
        offset: null as never,
      })),
    ])
    assert.deepEqual(
      await offsets(),
      at((topic) => (topic === topics[0] ? 6 : null)),
    )
    await resume()
    await reached(
      offsets,
      at(() => 10),
    )
    const twice = [
      ...all,
      ...texts(topics[0] ?? '', 6),
      ...topics.slice(1).flatMap((topic) => texts(topic, 0)),
    ]
    assert.deepEqual(await written(), twice.toSorted())

    await stop()
    await worker.kill()
    worker = await servers.connectless(SHORT_SESSION)
    await reset()
    assert.deepEqual(await offsets(), [])
    await reset()
    await resume()
    await reached(
      offsets,
      at(() => 10),
    )
    assert.deepEqual(await written(), [...twice, ...all].toSorted())

    await remove()
    await put(config)
    await isRunning()
    await reached(
      offsets,
      at(() => 10),
    )
    assert.deepEqual(await written(), [...twice, ...all].toSorted())
    await stop()
    await reset()
    await remove()
    await worker.stop()
  })

test('a topic that Kafka does not know is refused; nothing is changed', async () => {
  const name = `${servers.name}_unknown`
  const worker = await servers.connectless()
  const config = {
    'connector.class': 'FileStreamSink',
    topics: `${name}_topic`,
    file: join(folder, 'x'),
  }
  const { put, stop, remove, offsets } = controls(name, () => worker)
  await put(config)
  await stop()

  const answer = await ask(worker.url, 'PATCH', `/connectors/${name}/offsets`, {
    offsets: [
      {
        partition: { kafka_topic: `${name}_topic`, kafka_partition: 0 },
        offset: { kafka_offset: 1 },
      },
    ],
  })

  assert.equal(answer.status, 500)
  assert.deepEqual(JSON.parse(answer.text), {
    error_code: 500,
    message: `Failed to alter consumer group offsets for connector ${name}`,
  })
  assert.deepEqual(await offsets(), [])
  await remove()
  await worker.stop()
})
