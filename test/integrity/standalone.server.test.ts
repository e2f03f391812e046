import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import { type ConnectlessProcess, startConnectless } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { ask } from './rest-client.ts'

let servers: BenchServers
let folder: string

before(async () => {
  servers = await openServers()
  folder = await mkdtemp(join(tmpdir(), 'standalone-'))
})
after(async () => {
  await servers.close()
  await rm(folder, { recursive: true })
})

const CONVERTER = 'org.apache.kafka.connect.storage.StringConverter'

async function fileOf(name: string, content: string | object): Promise<string> {
  const path = join(folder, name)
  const isText = typeof content === 'string'
  await writeFile(path, isText ? content : JSON.stringify(content))
  return path
}

const workerFile = (name: string, offsets: string | undefined): Promise<string> =>
  fileOf(
    `${name}.properties`,
    [
      `bootstrap.servers=${addresses().kafka['bootstrap.servers']}`,
      `key.converter=${CONVERTER}`,
      `value.converter=${CONVERTER}`,
      'offset.flush.interval.ms=50',
      'listeners=http://127.0.0.1:0',
      ...(offsets === undefined ? [] : [`offset.storage.file.filename=${offsets}`]),
    ].join('\n'),
  )

async function standalone(t: TestContext, files: readonly string[]): Promise<ConnectlessProcess> {
  const log = `.stack/bench/${servers.name}.log`
  const worker = await startConnectless({}, log, ['standalone', ...files])
  t.after(() => worker.kill())
  return worker
}

const lineAt = (at: number) => `line ${at}`
const lines = (first: number, count: number) =>
  `${Array.from({ length: count }, (_, at) => lineAt(first + at)).join('\n')}\n`
const linesOf = async (path: string) =>
  (await readFile(path, 'utf8').catch(() => '')).split('\n').slice(0, -1)

test('a source and a sink of files: the worker ends, is killed and comes again, and goes on at its offset each time', async (whole) => {
  let worker: ConnectlessProcess | undefined
  const [from, to] = [join(folder, 'from.txt'), join(folder, 'to.txt')]
  const topic = `${servers.name}_standalone`
  const [source, sink] = [`${topic}_source`, `${topic}_sink`]
  const files = [
    await workerFile('whole', join(folder, 'whole.offsets')),
    await fileOf(
      'source.properties',
      `name=${source}\nconnector.class=FileStreamSource\ntasks.max=1\nfile=${from}\ntopic=${topic}\n`,
    ),
    await fileOf('sink.json', {
      name: sink,
      config: { 'connector.class': 'FileStreamSink', 'tasks.max': 1, file: to, topics: topic },
    }),
  ]
  const position = async ({ url }: ConnectlessProcess) => {
    const { text } = await ask(url, 'GET', `/connectors/${source}/offsets`)
    // Kafka Connect's answer.
    const { offsets } = JSON.parse(text) as { offsets: { offset: { position: number } }[] }
    return offsets[0]?.offset.position
  }
  const allHaveCome = async (worker: ConnectlessProcess, count: number) => {
    await until(async () => (await linesOf(to)).includes(lineAt(count - 1)), 50, 30_000)
    const bytes = lines(0, count).length
    await until(async () => (await position(worker)) === bytes, 50, 5_000)
    assert.equal(await servers.ends(topic), count, 'nothing came twice')
  }
  await writeFile(from, lines(0, 500))

  await whole.test('both run, and the REST API makes more of them', async () => {
    worker = await standalone(whole, files)
    await worker.waitFor(source, 'RUNNING')
    await worker.waitFor(sink, 'RUNNING')
    await allHaveCome(worker, 500)
    const config = { 'connector.class': 'FileStreamSource', file: '/dev/null', topic }
    await worker.request('POST', '/connectors', { name: `${topic}_more`, config })
    await worker.waitFor(`${topic}_more`, 'RUNNING')
    await worker.request('PUT', `/connectors/${source}/pause`)
    await worker.waitFor(source, 'PAUSED')
  })
  await whole.test('SIGTERM flushes', async () => {
    await worker?.stop()
    assert.equal(worker?.process.exitCode, 0)
    await appendFile(from, lines(500, 500))
  })
  await whole.test('after it exactly the connectors of the files are there, running', async () => {
    worker = await standalone(whole, files)
    const names = await worker.request('GET', '/connectors')
    assert.deepEqual([...(names as string[])].sort(), [sink, source])
    await worker.waitFor(source, 'RUNNING')
    await allHaveCome(worker, 1_000)
  })
  await whole.test(
    'after kill -9 too, at once and with the config as it stands in the file',
    async () => {
      await worker?.request('PUT', `/connectors/${sink}/config`, {
        'connector.class': 'FileStreamSink',
        ...{ 'tasks.max': 1, file: join(folder, 'elsewhere.txt'), topics: topic },
      })
      await worker?.kill()
      await appendFile(from, lines(1_000, 500))

      worker = await standalone(whole, files)

      const config = await worker.request('GET', `/connectors/${sink}/config`)
      assert.equal((config as { file: string }).file, to)
      await worker.waitFor(source, 'RUNNING', 5_000)
      await allHaveCome(worker, 1_500)
      // The sink may write the batch that it was killed in again.
      assert.equal(new Set(await linesOf(to)).size, 1_500)
    },
  )
  await whole.test('one at a time', async () => {
    await assertRefused(
      files,
      2,
      `Stopping due to error: Invalid value ${join(folder, 'whole.offsets')} for configuration offset.storage.file.filename: another process uses this file`,
    )
    await worker?.request('GET', '/')
  })
})

test('initial_state is where a connector begins', async (t) => {
  const config = { 'connector.class': 'FileStreamSource', file: '/dev/null', topic: servers.name }
  const worker = await standalone(t, [
    await workerFile('states', join(folder, 'states.offsets')),
    await fileOf('paused.json', { name: 'cl_paused', initial_state: 'PAUSED', config }),
    await fileOf('stopped.json', { name: 'cl_stopped', initial_state: 'STOPPED', config }),
  ])

  const state = async (name: string) => {
    const { text } = await ask(worker.url, 'GET', `/connectors/${name}/status`)
    // Kafka Connect's answer.
    return (JSON.parse(text) as { connector?: { state: string } }).connector?.state
  }
  await until(async () => (await state('cl_paused')) === 'PAUSED', 50, 5_000)
  await until(async () => (await state('cl_stopped')) === 'STOPPED', 50, 5_000)
})

/** Its exit code, and what it says on the way. */
async function assertRefused(files: readonly string[], code: number, says: string): Promise<void> {
  await assert.rejects(
    startConnectless({}, `.stack/bench/${servers.name}.log`, ['standalone', ...files]),
    ({ message }: Error) => {
      assert.ok(message.startsWith(`connectless ended with ${code} before it was up:`), message)
      assert.ok(message.includes(`connectless: ${says}`), message)
      return true
    },
  )
}

test('offset.storage.file.filename is required', async () => {
  await assertRefused(
    [await workerFile('without', undefined)],
    2,
    'Stopping due to error: Missing required configuration "offset.storage.file.filename" which has no default value.',
  )
})

test('a connector that is refused ends the worker as it ends connect-standalone, by the name of its file', async () => {
  const good = await fileOf(
    'good.properties',
    `name=cl_good\nconnector.class=FileStreamSource\nfile=/dev/null\ntopic=${servers.name}\n`,
  )
  const bad = await fileOf('bad.properties', 'name=cl_bad\nconnector.class=FileStreamSource\n')
  const worker = await workerFile('refusing', join(folder, 'refusing.offsets'))

  await assertRefused(
    [worker, good, bad],
    3,
    `Stopping after connector error: Failed to create connector for ${bad}: Connector configuration is invalid and contains the following 1 error(s):\nMissing required configuration "topic"`,
  )
})

test('so does a file that is not there, and a name that comes twice', async () => {
  const worker = await workerFile('refusing', join(folder, 'refusing.offsets'))
  const missing = join(folder, 'nowhere.json')
  const config = { name: 'cl_twice', 'connector.class': 'FileStreamSource', topic: servers.name }
  const twice = [await fileOf('one.json', config), await fileOf('two.json', config)]

  await assertRefused([worker, missing], 3, 'Stopping after connector error: ENOENT')
  await assertRefused(
    [worker, ...twice],
    3,
    `Stopping after connector error: Connector configuration at '${twice[1]}' has the name cl_twice`,
  )
})
