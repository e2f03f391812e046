import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '../../infra/bench/servers.ts'
import { type ConnectlessProcess, startConnectless } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'

const LIMIT_MS = 30_000
const run = `active-${randomUUID().slice(0, 8)}`
const [source, sink] = [`${run}-source`, `${run}-sink`]
const [unrouted, routed] = [`${run}-lines`, `${run}-routed`]
const routing = {
  transforms: 'route',
  'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
}

let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connectless-'))
})

after(() => rm(folder, { recursive: true }))

const start = (): Promise<ConnectlessProcess> =>
  startConnectless(
    {
      'bootstrap.servers': addresses().kafka['bootstrap.servers'],
      listeners: 'http://127.0.0.1:0',
      'session.timeout.ms': '6000',
      store: `sqlite:${join(folder, 'connectless.db')}`,
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    },
    join(folder, 'connectless.log'),
  )

async function topicsOf(worker: ConnectlessProcess, connector: string): Promise<string[]> {
  const answer = await worker.request('GET', `/connectors/${connector}/topics`)
  // Kafka Connect's answer.
  return (answer as Record<string, { readonly topics: string[] }>)[connector]?.topics ?? []
}

test('active topics are what a source wrote and a sink read, now and after death', async (t) => {
  const [lines, out] = [join(folder, 'lines'), join(folder, 'out')]
  await writeFile(lines, '')
  let worker = await start()
  const both = async () => [await topicsOf(worker, source), await topicsOf(worker, sink)]
  const areThere = async () => (await both()).flat().length === 2
  try {
    await worker.request('PUT', `/connectors/${source}/config`, {
      'connector.class': 'FileStreamSource',
      file: lines,
      topic: unrouted,
      ...routing,
      'transforms.route.regex': '(.*)-lines',
      'transforms.route.replacement': '$1-routed',
    })
    await worker.request('PUT', `/connectors/${sink}/config`, {
      'connector.class': 'FileStreamSink',
      file: out,
      topics: routed,
      ...routing,
      'transforms.route.regex': '.*',
      'transforms.route.replacement': `${run}-elsewhere`,
    })
    await worker.waitFor(source, 'RUNNING')

    await t.test('none before the first record', async () => {
      assert.deepEqual(await both(), [[], []])
    })

    await t.test("a source's final topic, a sink's original one", async () => {
      await appendFile(lines, 'one\n')
      await until(areThere, 50, LIMIT_MS)

      assert.deepEqual(await both(), [[routed], [routed]])
    })

    await t.test('both are there after kill -9', async () => {
      await worker.kill()
      worker = await start()

      assert.deepEqual(await both(), [[routed], [routed]])
    })

    await t.test('running tasks record again after a reset', async () => {
      await appendFile(lines, 'two\n')
      await until(async () => (await readFile(out, 'utf8')).includes('two'), 50, LIMIT_MS)
      await worker.request('PUT', `/connectors/${source}/topics/reset`)
      await worker.request('PUT', `/connectors/${sink}/topics/reset`)
      const emptied = await both()
      const nextLines = async () => {
        await appendFile(lines, 'and more\n')
        return areThere()
      }
      await until(nextLines, 200, LIMIT_MS)

      assert.deepEqual(emptied, [[], []])
      assert.deepEqual(await both(), [[routed], [routed]])
    })

    await t.test('they go with their connector', async () => {
      await worker.request('DELETE', `/connectors/${source}`)
      await worker.request('DELETE', `/connectors/${sink}`)

      assert.deepEqual(await both(), [[], []])
    })
  } finally {
    await worker.stop()
  }
})
