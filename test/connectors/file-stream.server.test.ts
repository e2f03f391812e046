import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'

let servers: BenchServers
let folder: string

before(async () => {
  servers = await openServers()
  folder = await mkdtemp(join(tmpdir(), 'file-stream-'))
})
after(async () => {
  await servers.close()
  await rm(folder, { recursive: true })
})

test('lines go from one file to another through Kafka; after kill -9 they go on where they were', async () => {
  const [from, to] = [join(folder, 'from.txt'), join(folder, 'to.txt')]
  const topic = `${servers.name}_lines`
  const converter = 'org.apache.kafka.connect.storage.StringConverter'
  const converters = { 'key.converter': converter, 'value.converter': converter }
  const lineAt = (at: number) => `línea ${at} 😀`
  const lines = (first: number, count: number) =>
    Array.from({ length: count }, (_, at) => lineAt(first + at))
  const written = async () => (await readFile(to, 'utf8').catch(() => '')).split('\n').slice(0, -1)
  const hasCome = (last: number) => async () => new Set(await written()).has(lineAt(last))
  await writeFile(from, `${lines(0, 1_000).join('\n')}\n`)

  const first = await servers.connectless({ 'offset.flush.interval.ms': '50' })
  await first.request('PUT', `/connectors/${servers.name}_source/config`, {
    'connector.class': 'FileStreamSource',
    ...{ file: from, topic, 'batch.size': '100' },
    ...converters,
  })
  await first.request('PUT', `/connectors/${servers.name}_sink/config`, {
    'connector.class': 'FileStreamSinkConnector',
    ...{ file: to, topics: topic },
    ...converters,
  })
  await until(hasCome(999), 50, 30_000)
  await until(
    async () => (await positionOf(first)) === Buffer.byteLength(`${lines(0, 1_000).join('\n')}\n`),
    50,
    10_000,
  )
  await first.kill()
  await appendFile(from, `${lines(1_000, 500).join('\n')}\nheld back`)
  const second = await servers.connectless()

  await until(hasCome(1_499), 50, 40_000)

  // The source goes on at its offset; a sink that was killed may write its last batch again, which is no fault of the source.
  assert.equal(await servers.ends(topic), 1_500)
  const distinct = [...new Set(await written())]
  assert.deepEqual(distinct, lines(0, 1_500))
  await second.stop()

  async function positionOf(worker: typeof first): Promise<unknown> {
    const answer = await worker.request('GET', `/connectors/${servers.name}_source/offsets`)
    // Kafka Connect's answer.
    const { offsets } = answer as { offsets: { partition: object; offset: { position: number } }[] }
    assert.deepEqual(
      offsets.map(({ partition }) => partition).slice(0, 1),
      offsets.length > 0 ? [{ filename: from }] : [],
    )
    return offsets[0]?.offset.position
  }
})
