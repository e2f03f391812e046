/** Cold starts of the packaged functions in AWS's Lambda emulator, in turn with an empty handler's. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Redis } from 'ioredis'
import { aliasOf } from '../../lib/cloud/names.ts'
import { apiEvent, createConnector } from '../lambda/api-request.ts'
import { type EmulatedDeployment, emulatedDeployment } from '../lambda/deployment.ts'
import { type EmulatedFunction, emulated } from '../lambda/emulated.ts'
import { addresses } from '../stack/addresses.ts'
import type { Bench, Figures } from './bench.ts'
import { type ColdStart, coldStart } from './cold-start.ts'
import { median } from './measured.ts'
import { openServers } from './servers.ts'
import { eventOf, keyOf, TOPIC } from './sink-events.ts'

const ROUNDS = 20
const RECORDS = 100
const REDIS_DATABASE = 9
const SINK = 'bench-cold-sink'

/** A container that is started anew for each measurement, and the event that it is called with. */
type Subject = {
  readonly name: string
  readonly event: unknown
  start(environment: Readonly<Record<string, string>>): Promise<EmulatedFunction>
}

export const benchCold: Bench = async ({ rounds = ROUNDS }) => {
  const servers = await openServers()
  const deployment = await emulatedDeployment()
  const redis = new Redis({ ...addresses().redis, db: REDIS_DATABASE })
  const folder = await mkdtemp(join(tmpdir(), 'connectless-empty-'))
  const loadingFile = join(folder, 'loading.jsonl')
  try {
    const table = `${servers.name}_cold`
    await servers.table(table, RECORDS)
    await connectors(deployment, table, servers.sourceConfig(table))
    const subjects = [await emptySubject(folder), ...subjectsOf(deployment, table)]
    const found = new Map<string, ColdStart[]>(subjects.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++)
      for (const { name, event, start } of subjects)
        found.get(name)?.push(await coldStart(start, event, loadingFile))
    const [empty = [], ...others] = found.values()
    const figures = others.map((starts, at) =>
      figuresOf(subjects[at + 1]?.name ?? '', starts, empty),
    )
    const sizes = await Promise.all(FUNCTIONS.map((name) => sizesOf(name, deployment)))
    return Object.assign(
      { rounds, empty_init_ms: median(empty.map(({ initMs }) => initMs)) },
      ...figures,
      ...sizes,
    )
  } finally {
    await redis.unlink(Array.from({ length: RECORDS }, (_, at) => keyOf(at + 1)))
    redis.disconnect()
    await deployment.remove()
    await servers.close()
    await rm(folder, { recursive: true })
  }
}

const FUNCTIONS = ['api', 'coordinator', 'source', 'sink'] as const

async function connectors(
  deployment: EmulatedDeployment,
  table: string,
  source: Readonly<Record<string, string>>,
): Promise<void> {
  const { host, port, password = '' } = addresses().redis
  const api = await deployment.start('api')
  await createConnector(api, table, source)
  await createConnector(api, SINK, {
    'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
    topics: TOPIC,
    'redis.host': host,
    'redis.port': String(port),
    'redis.database': String(REDIS_DATABASE),
    'redis.password': password,
  })
  const coordinator = await deployment.start('coordinator')
  await coordinator.invoke({})
  await api.close()
  await coordinator.close()
}

const subjectsOf = (deployment: EmulatedDeployment, table: string): Subject[] => [
  { name: 'api', event: apiEvent('GET', '/connectors'), start: container(deployment, 'api') },
  { name: 'coordinator', event: {}, start: container(deployment, 'coordinator') },
  {
    name: 'source',
    event: { connector: table, task: 0 },
    start: container(deployment, 'source'),
  },
  {
    name: 'sink',
    event: eventOf({ from: 1, to: RECORDS }),
    start: container(deployment, 'sink', aliasOf(SINK)),
  },
]

const container =
  (
    deployment: EmulatedDeployment,
    name: (typeof FUNCTIONS)[number],
    alias?: string,
  ): Subject['start'] =>
  (environment) =>
    deployment.start(name, { environment, ...(alias !== undefined && { alias }) })

async function emptySubject(folder: string): Promise<Subject> {
  await writeFile(join(folder, 'index.js'), 'exports.handler = async () => null\n')
  const limits = { timeoutSeconds: 60, memoryMb: 1769 }
  return {
    name: 'empty',
    event: {},
    start: (environment) => emulated({ folder, name: 'empty', ...limits, environment }),
  }
}

function figuresOf(
  name: string,
  starts: readonly ColdStart[],
  empty: readonly ColdStart[],
): Figures {
  const of = (figure: (start: ColdStart, round: number) => number) => median(starts.map(figure))
  const overEmpty = (start: ColdStart, round: number) =>
    start.initMs - (empty[round]?.initMs ?? Number.NaN)
  return {
    [`${name}_cold_ms`]: of((start, round) => overEmpty(start, round) + start.loadingMs),
    [`${name}_init_over_empty_ms`]: of(overEmpty),
    [`${name}_loading_ms`]: of(({ loadingMs }) => loadingMs),
    [`${name}_first_over_second_ms`]: of(({ firstMs, secondMs }) => firstMs - secondMs),
    [`${name}_peak_rss_mb`]: Math.max(...starts.map(({ peakRssMb }) => peakRssMb)),
  }
}

/** In kB: all files, the same compressed each by itself, and what `require` of index.js reads. */
async function sizesOf(name: (typeof FUNCTIONS)[number], deployment: EmulatedDeployment) {
  const folder = await deployment.folderOf(name)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js'))
  const texts = new Map<string, string>()
  for (const file of files) texts.set(file, await readFile(join(folder, file), 'utf8'))
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0) / 1000
  const start = filesAtStart(texts)
  return {
    [`${name}_bundle_kb`]: sum([...texts.values()].map((text) => Buffer.byteLength(text))),
    [`${name}_bundle_gzip_kb`]: sum([...texts.values()].map((text) => gzipSync(text).length)),
    [`${name}_start_kb`]: sum(start.map((file) => Buffer.byteLength(texts.get(file) ?? ''))),
  }
}

/** index.js, and what it and they require at once: what is required on first use stands in a function. */
function filesAtStart(texts: ReadonlyMap<string, string>): string[] {
  const start = new Set(['index.js'])
  for (const file of start)
    for (const [, found = ''] of (texts.get(file) ?? '').matchAll(
      /(?<!__toESM\()require\("\.\/([^"]+)"\)/g,
    ))
      start.add(found)
  return [...start]
}
