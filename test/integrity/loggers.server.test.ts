import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type ConnectlessProcess, startConnectless } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { ask } from './rest-client.ts'

/** A level that was set is in force within this. */
const WITHIN_MS = 5_000
const run = `loggers-${randomUUID().slice(0, 8)}`
/** A line is in the file within this. */
const WRITTEN_AFTER_MS = 500
const PACKAGE = 'org.apache.kafka.connect.runtime'
const RUNTIME = `/admin/loggers/${PACKAGE}`

let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connectless-'))
})

after(() => rm(folder, { recursive: true }))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : assert.fail()
}

type Worker = ConnectlessProcess & { readonly logFile: string }

async function start(name: string, more: Readonly<Record<string, string>> = {}): Promise<Worker> {
  const logFile = join(folder, `${name}.log`)
  const worker = await startConnectless(
    {
      'bootstrap.servers': addresses().kafka['bootstrap.servers'],
      listeners: 'http://127.0.0.1:0',
      store: `sqlite:${join(folder, 'connectless.db')}`,
      ...more,
    },
    logFile,
  )
  return { ...worker, logFile }
}

/** How many lines its log has of this level and logger. */
async function debugLines({ logFile }: Worker, logger: string): Promise<number> {
  const lines = (await readFile(logFile, 'utf8')).split('\n')
  return lines.filter((line) => line.includes(' DEBUG ') && line.endsWith(`.${logger})`)).length
}

test('levels reach running functions: those of one worker, or of all that share the store', async (t) => {
  const lines = join(folder, 'lines')
  await writeFile(lines, '')
  const started = [await start('one'), await start('two')]
  try {
    await started[0]?.request('PUT', `/connectors/${run}/config`, {
      'connector.class': 'FileStreamSource',
      file: lines,
      topic: run,
    })
    const { tasks } = (await started[0]?.waitFor(run, 'RUNNING')) ?? assert.fail()
    const isRunner = ({ url }: Worker) => url.endsWith(`//${tasks[0]?.worker_id}`)
    const [runner, other] = [started.find(isRunner), started.find((one) => !isRunner(one))]
    assert.ok(runner && other)

    /** Has all of them do something of which there are lines: requests, and a record for the source. */
    const work = async () => {
      await appendFile(lines, 'a line\n')
      for (const { request } of started) await request('GET', '/')
    }
    /** Lines of the source, and of the API of the one that runs it and of the other. */
    const counts = async () => [
      await debugLines(runner, 'WorkerSourceTask'),
      await debugLines(runner, 'RestServer'),
      await debugLines(other, 'RestServer'),
    ]
    /** Which of them are written once something has happened; looks until they are those wished. */
    const written = async (wished: readonly boolean[]) => {
      const until = performance.now() + WITHIN_MS
      for (;;) {
        const before = await counts()
        await work()
        await sleep(WRITTEN_AFTER_MS)
        const found = (await counts()).map((count, at) => count > (before[at] ?? 0))
        if (isDeepStrictEqual(found, wished) || performance.now() > until) return found
      }
    }
    const set = (worker: Worker, path: string, level: string) =>
      ask(worker.url, 'PUT', `${RUNTIME}${path}`, { level })

    await t.test('at first there are no such lines', async () => {
      assert.deepEqual(await written([false, false, false]), [false, false, false])
    })

    await t.test('of one worker', async () => {
      const { text } = await set(runner, '', 'debug')

      assert.ok(JSON.parse(text).includes('org.apache.kafka.connect.runtime.WorkerSourceTask'))
      assert.deepEqual(await written([true, true, false]), [true, true, false])
    })

    await t.test('of one logger of it', async () => {
      await set(runner, '.WorkerSourceTask', 'OFF')

      assert.deepEqual(await written([false, true, false]), [false, true, false])
    })

    await t.test('of all that share the store', async () => {
      const { status } = await set(other, '?scope=cluster', 'DEBUG')

      assert.equal(status, 204)
      assert.deepEqual(await written([true, true, true]), [true, true, true])
    })

    await t.test('and back again', async () => {
      await set(other, '?scope=cluster', 'INFO')

      assert.deepEqual(await written([false, false, false]), [false, false, false])
    })

    await t.test("a worker's own end with its process, the cluster's do not", async () => {
      await set(other, '?scope=cluster', 'WARN')
      await set(other, '.rest.RestServer', 'TRACE')
      const levels = (worker: Worker) =>
        Promise.all(
          ['.rest.RestServer', '.Worker'].map(
            async (one) =>
              JSON.parse((await ask(worker.url, 'GET', `${RUNTIME}${one}`)).text).level,
          ),
        )
      const before = await levels(other)
      await other.kill()
      const again = await start('again', { listeners: other.url })
      started.push(again)

      assert.deepEqual(before, ['TRACE', 'WARN'])
      assert.deepEqual(await levels(again), ['WARN', 'WARN'])
    })
  } finally {
    await Promise.all(started.map(({ stop }) => stop()))
  }
})

test('loggers may have a listener of their own, or none', async () => {
  const admin = `http://127.0.0.1:${await freePort()}`
  const apart = await start('apart', { 'admin.listeners': admin })
  const none = await start('none', { 'admin.listeners': '' })
  try {
    const statuses = []
    for (const url of [apart.url, admin, none.url])
      for (const path of ['/admin/loggers', '/connectors'])
        statuses.push((await ask(url, 'GET', path)).status)

    assert.deepEqual(statuses, [404, 200, 200, 404, 404, 200])
  } finally {
    await Promise.all([apart.stop(), none.stop()])
  }
})
