import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { waitForStatus } from '../integrity/rest-client.ts'
import { topicContent } from '../integrity/topic-content.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const ENTRIES = 500

let folder: string
let servers: BenchServers
let connectless: ConnectlessProcess
let web: Awaited<ReturnType<typeof webService>>
let page: string

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'connectless-written-'))
  page = await readFile(path.join(root, 'docs/write-a-connector.md'), 'utf8')
  await mkdir(path.join(folder, 'plugins'))
  for (const [, file = '', code = ''] of page.matchAll(
    /`(plugins\/[\w-]+\.ts)`\n\n```ts\n(.*?)```/gs,
  ))
    await writeFile(path.join(folder, file), code)
  web = await webService()
  servers = await openServers()
  connectless = await servers.connectless({ 'plugin.path': path.join(folder, 'plugins') })
})

after(async () => {
  await servers.close()
  web.close()
  await rm(folder, { recursive: true })
})

/** The feed and the hook of the page; each is out of order for its first request. */
async function webService() {
  const posted: { readonly key: string; readonly text: string }[] = []
  const asked: string[] = []
  const failing = new Set(['/feed', '/hook'])
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://web')
    if (failing.delete(url.pathname)) {
      response.writeHead(503).end()
      return
    }
    if (url.pathname === '/feed') {
      asked.push(request.headers.authorization ?? '')
      const from = Number(url.searchParams.get('after'))
      const count = Math.min(100, ENTRIES - from)
      const entries = Array.from({ length: count }, (_, at) => ({
        id: from + at + 1,
        author: `author ${(from + at) % 7}`,
        text: `text ${from + at + 1}`,
      }))
      response.end(JSON.stringify(entries))
      return
    }
    posted.push(...JSON.parse((await request.toArray()).join('')))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // one of TCP
  return { url: `http://127.0.0.1:${port}`, posted, asked, close: () => server.close() }
}

const create = (name: string, config: object) =>
  connectless.request('POST', '/connectors', { name: `${servers.name}_${name}`, config })

test('the page’s files are as TypeScript wants them, with the setting that the page gives', async () => {
  const { compilerOptions } = JSON.parse(/\{ "compilerOptions".*\}/.exec(page)?.[0] ?? '')
  await writeFile(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        ...compilerOptions,
        paths: { 'connectless/plugin': [path.join(root, 'lib/plugin-kit.ts')] },
        strict: true,
        target: 'esnext',
        module: 'nodenext',
        types: ['node'],
        typeRoots: [path.join(root, 'node_modules/@types')],
      },
      include: ['plugins'],
    }),
  )

  const tsc = path.join(root, 'node_modules/.bin/tsc')
  const { stdout } = await promisify(execFile)(tsc, ['-p', folder]).catch((error) => error)

  assert.equal(stdout, '')
})

test('they are listed as plugins, and a configuration is validated by what they declare', async () => {
  const plugins = (await connectless.request('GET', '/connector-plugins?connectorsOnly=false')) as {
    class: string
    version: string
  }[]
  const validated = (await connectless.request(
    'PUT',
    '/connector-plugins/com.example.HttpFeedSource/config/validate',
    {
      'connector.class': 'com.example.HttpFeedSource',
      name: 'x',
      topic: 't',
      'feed.url': 'nowhere',
    },
  )) as { configs: { value: { name: string; errors: string[] } }[] }

  assert.deepEqual(
    plugins
      .filter((one) => one.class.startsWith('com.example'))
      .map((one) => `${one.class} ${one.version}`)
      .sort(),
    ['HttpFeedSource', 'Pseudonym$Key', 'Pseudonym$Value', 'WebhookSink'].map(
      (name) => `com.example.${name} 1.0.0`,
    ),
  )
  assert.deepEqual(
    validated.configs
      .filter(({ value }) => value.errors.length > 0)
      .map(({ value }) => [value.name, value.errors]),
    [['feed.url', ['Invalid value nowhere for configuration feed.url: Must be a URL']]],
  )
})

test('the source delivers every entry once and in order, hidden by the transform, through a feed that is out of order at first', async () => {
  const given = JSON.parse(/```json\n(\{\n {2}"name": "entries".*?)```/s.exec(page)?.[1] ?? '')
  const topic = `${servers.name}_entries`
  await create('entries', {
    ...given.config,
    topic,
    'feed.url': `${web.url}/feed`,
    'feed.token': 'let-me-in',
    'task.restart.max': '3',
    'task.restart.backoff.ms': '100',
  })
  await until(async () => (await servers.ends(topic)) >= ENTRIES, 100, 20_000)

  const found = (await topicContent(servers.kafka, topic)).map(
    ({ value }) => JSON.parse(value).payload,
  )

  assert.deepEqual(
    found.map(({ id }) => id),
    Array.from({ length: ENTRIES }, (_, at) => at + 1),
  )
  assert.equal(new Set(found.map(({ author }) => author)).size, 7)
  assert.ok(found.every(({ author }) => /^[0-9a-f]{16}$/.test(author)))
  assert.deepEqual(new Set(web.asked), new Set(['Bearer let-me-in']))
})

test('started anew it goes on from the stored offset', async () => {
  const name = `${servers.name}_entries`
  await connectless.request('PUT', `/connectors/${name}/stop`)
  await waitForStatus(
    connectless.url,
    name,
    ({ connector, tasks }) => connector.state === 'STOPPED' && tasks.length === 0,
    10_000,
  )
  const stored = (await connectless.request('GET', `/connectors/${name}/offsets`)) as object
  assert.deepEqual(stored, {
    offsets: [{ partition: { feed: `${web.url}/feed` }, offset: { after: ENTRIES } }],
  })
  await connectless.request('PUT', `/connectors/${name}/resume`)
  await connectless.waitFor(name, 'RUNNING')

  assert.equal(await servers.ends(name), ENTRIES)
})

test('the sink posts every record, and again when the service is out of order', async () => {
  await create('hook', {
    'connector.class': 'com.example.WebhookSink',
    'tasks.max': '1',
    topics: `${servers.name}_entries`,
    'webhook.url': `${web.url}/hook`,
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  })
  await until(async () => new Set(web.posted.map(({ key }) => key)).size >= ENTRIES, 50, 20_000)

  assert.equal(new Set(web.posted.map(({ key }) => key)).size, ENTRIES)
  assert.ok(web.posted.every(({ text }) => JSON.parse(text).payload.id > 0))
})
