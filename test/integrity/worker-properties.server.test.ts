import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { until } from '../../infra/bench/servers.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { ask } from './rest-client.ts'

const COMMAND = fileURLToPath(new URL('../../bin/connectless.js', import.meta.url))
const LIMIT_MS = 20_000

let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connectless-'))
})

after(() => rm(folder, { recursive: true }))

type Variables = Readonly<Record<string, string>>

/** Without any CONNECT_ variable but these. */
function start(args: readonly string[], variables: Variables): ChildProcess {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('CONNECT_'))
  return spawn(process.execPath, [COMMAND, 'start', ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(others), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  })
}

/** All it says until it is up, or until its end. */
async function saidBy(child: ChildProcess): Promise<string> {
  const said: string[] = []
  return new Promise((resolve) => {
    const read = (chunk: Buffer) => {
      said.push(chunk.toString())
      if (said.join('').includes('REST API at ')) resolve(said.join(''))
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('close', () => resolve(said.join('')))
  })
}

async function whileUp(child: ChildProcess, check: (url: string) => Promise<void>): Promise<void> {
  const exited = once(child, 'exit')
  try {
    const said = await saidBy(child)
    const url = /REST API at (\S+)/.exec(said)?.[1]
    assert.ok(url, said)
    await check(url)
  } finally {
    child.kill()
    await exited
  }
  assert.equal(child.exitCode, 0)
}

const brokers = (): string => addresses().kafka['bootstrap.servers']

test("a Kafka Connect worker's properties file starts it; what means nothing here is accepted", async () => {
  const file = join(folder, 'connect-distributed.properties')
  const lines = [
    '# as Kafka Connect has it',
    `bootstrap.servers=${brokers()}`,
    'group.id = connect-cluster2',
    'key.converter: org.apache.kafka.connect.json.JsonConverter',
    'value.converter=org.apache.kafka.connect.json.JsonConverter',
    'offset.storage.topic=connect-offsets',
    'offset.storage.replication.factor=1',
    'config.storage.topic=connect-configs',
    'config.storage.replication.factor=1',
    'status.storage.topic=connect-status',
    'status.storage.replication.factor=1',
    'offset.flush.interval.ms=10000',
    '! nobody knows this one',
    'some.property.of.nobody=1',
    'listeners=http://127.0.0.1:0',
  ]
  await writeFile(file, lines.join('\n'))

  await whileUp(start([file], {}), async (url) => {
    const root = await ask(url, 'GET', '/')
    assert.equal(root.status, 200)
    assert.notEqual(JSON.parse(root.text).kafka_cluster_id, '')
    assert.deepEqual(await ask(url, 'GET', '/connectors'), { status: 200, text: '[]' })
  })
})

test('a worker that is up before Kafka tells the id of the cluster once Kafka is there', async () => {
  const [host = '', port] = brokers().split(',')[0]?.split(':') ?? []
  const place = createServer().listen(0, '127.0.0.1')
  await once(place, 'listening')
  const { port: local } = place.address() as AddressInfo
  await new Promise((closed) => place.close(closed))

  const variables = { ...good(), CONNECT_BOOTSTRAP_SERVERS: `127.0.0.1:${local}` }
  await whileUp(start([], variables), async (url) => {
    const idOfCluster = async () =>
      JSON.parse((await ask(url, 'GET', '/')).text).kafka_cluster_id as string
    assert.equal(await idOfCluster(), '')
    const kafka = createServer((client) => {
      const broker = connect(Number(port), host)
      for (const socket of [client, broker]) socket.on('error', () => socket.destroy())
      client.pipe(broker).pipe(client)
    }).listen(local, '127.0.0.1')
    try {
      await until(async () => (await idOfCluster()).length === 22, 50, 10_000)
    } finally {
      kafka.close()
    }
  })
})

test('variables of the environment win over the file', async () => {
  const file = join(folder, 'overridden.properties')
  await writeFile(file, `bootstrap.servers=${brokers()}\nlisteners=foo\n`)
  const variables = { CONNECT_LISTENERS: 'http://127.0.0.1:0', CONNECT_STORE: 'sqlite::memory:' }

  await whileUp(start([file], variables), async (url) => {
    assert.equal((await ask(url, 'GET', '/')).status, 200)
  })
})

const good = (): Variables => ({
  CONNECT_BOOTSTRAP_SERVERS: brokers(),
  CONNECT_LISTENERS: 'http://127.0.0.1:0',
  CONNECT_STORE: 'sqlite::memory:',
})

for (const { title, variables, says } of [
  {
    title: 'listeners=foo',
    variables: { CONNECT_LISTENERS: 'foo' },
    says: 'Invalid value foo for configuration listeners: Expected http://host:port',
  },
  {
    title: 'lease.ttl.ms=1',
    variables: { CONNECT_LEASE_TTL_MS: '1' },
    says: 'Invalid value 1 for configuration lease.ttl.ms: Value must be at least 4500',
  },
  {
    title: 'an empty bootstrap.servers',
    variables: { CONNECT_BOOTSTRAP_SERVERS: '' },
    says: 'Invalid value [] for configuration bootstrap.servers: Empty list',
  },
  {
    title: 'a broker without a port',
    variables: { CONNECT_BOOTSTRAP_SERVERS: 'broker' },
    says: 'Invalid value broker for configuration bootstrap.servers',
  },
  {
    title: 'a store of an unknown kind',
    variables: { CONNECT_STORE: 'file' },
    says: 'Invalid value file for configuration store: Must be sqlite:<path> or dynamodb:<table>',
  },
])
  test(`refused by name: ${title}`, async () => {
    await assertRefused(start([], { ...good(), ...variables }), says)
  })

test('refused by name: a port that is in use', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  assert.ok(typeof address === 'object' && address)
  const listener = `http://127.0.0.1:${address.port}`

  const child = start([], { ...good(), CONNECT_LISTENERS: listener })

  await assertRefused(child, `Invalid value ${listener} for configuration listeners: listen EADDR`)
  taken.close()
})

test('refused by name: a properties file that is not there', async () => {
  await assertRefused(start(['nowhere.properties'], good()), 'nowhere.properties')
})

async function assertRefused(child: ChildProcess, says: string): Promise<void> {
  const exited = once(child, 'exit')
  const said = await saidBy(child)
  await exited
  assert.ok(said.startsWith('connectless: ') && said.includes(says), said)
  // One line for the user, no stack.
  assert.equal(said.trimEnd().split('\n').length, 1, said)
  assert.equal(child.exitCode, 1)
}
