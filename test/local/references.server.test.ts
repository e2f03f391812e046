// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written so.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { Redis } from 'ioredis'
import { type BenchServers, openServers, until } from '../../infra/bench/servers.ts'
import type { ConnectlessProcess } from '../../infra/connectless-process.ts'
import { addresses } from '../../infra/stack/addresses.ts'
import { sqliteRows } from '../../lib/local/sqlite-rows.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { type PrivateRedis, privateRedis } from '../integrity/private-redis.ts'
import { waitForStatus } from '../integrity/rest-client.ts'

const ROWS = 20
const PASSWORD = `pw-${randomBytes(8).toString('hex')}`
const CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
}

let servers: BenchServers
let connectless: ConnectlessProcess
let guarded: PrivateRedis | undefined
let secretsManager: SecretsManagerClient
let file: string

const secretName = () => `${servers.name}/redis`
const logFile = () => `.stack/bench/${servers.name}.log`

before(async () => {
  servers = await openServers()
  guarded = await privateRedis(PASSWORD)
  file = join(tmpdir(), `${servers.name}.properties`)
  await writeFile(file, `# of the database\npassword=${addresses().mysql.password}\n`)
  await servers.table(table(), ROWS)
  secretsManager = new SecretsManagerClient({
    endpoint: addresses().aws.endpoint,
    region: CREDENTIALS.AWS_REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const SecretString = JSON.stringify({ password: PASSWORD, port: guarded?.port })
  await secretsManager.send(new CreateSecretCommand({ Name: secretName(), SecretString }))
  // What the process started below inherits.
  Object.assign(process.env, {
    ...CREDENTIALS,
    AWS_ENDPOINT_URL: addresses().aws.endpoint,
    REFERENCES_TEST_USER: addresses().mysql.user,
    REFERENCES_TEST_TTL: '9000',
    CONNECT_CONFIG_PROVIDERS_FILE_PARAM_ALLOWED_PATHS: tmpdir(),
  })
  connectless = await servers.connectless({
    'config.providers': 'env,file',
    'config.providers.env.param.allowlist.pattern': 'REFERENCES_TEST_.*',
    'lease.ttl.ms': '${env:REFERENCES_TEST_TTL}',
  })
})

after(async () => {
  await servers.close()
  await guarded?.close()
  await secretsManager.send(
    new DeleteSecretCommand({ SecretId: secretName(), ForceDeleteWithoutRecovery: true }),
  )
  secretsManager.destroy()
  await rm(file)
})

const table = () => `${servers.name}_users`

/** What is stored of a connector and its tasks. */
async function rowsOf(connector: string) {
  const rows = sqliteRows(`.stack/bench/${servers.name}.db`)
  const stores = storesOver(rows, systemClock)
  const [row, tasks] = [await stores.configs.get(connector), await stores.tasks.read(connector)]
  rows.close()
  return { config: row?.config ?? {}, tasks: tasks?.configs ?? [] }
}

async function assertHeldAsGiven(connector: string, config: Record<string, string>) {
  const { config: stored, tasks } = await rowsOf(connector)
  const answered = await connectless.request('GET', `/connectors/${connector}`)
  const references = Object.entries(config).filter(([, value]) => value.includes('${'))
  assert.ok(references.length > 0 && tasks.length > 0)
  const { config: shown } = answered as { config: Record<string, string> } // Kafka Connect's answer
  for (const [key, reference] of references) {
    assert.equal(stored[key], reference)
    assert.equal(shown[key], reference)
    for (const task of tasks) assert.equal(task[key], reference)
  }
}

test('a source logs in with what the environment and a file give; rows and answers hold the references', async () => {
  const config = {
    ...servers.sourceConfig(table()),
    'database.username': '${env:REFERENCES_TEST_USER}',
    'database.password': `\${file:${file}:password}`,
  }

  await connectless.request('PUT', `/connectors/${table()}/config`, config)

  await until(async () => (await servers.ends(table())) >= ROWS, 50, 20_000)
  await connectless.waitFor(table(), 'RUNNING')
  await assertHeldAsGiven(table(), config)
})

const sink = (changes: Record<string, string>): Record<string, string> => ({
  'connector.class': 'com.github.taven.sink.ExampleSinkConnector',
  topics: table(),
  'redis.host': guarded?.host ?? '',
  'redis.port': `\${secretsmanager:${secretName()}:port}`,
  'redis.database': '0',
  'redis.password': `\${secretsmanager:${secretName()}:password}`,
  ...changes,
})

test('a sink logs in with what Secrets Manager gives, though nobody listed it; a port may be a reference too', async (t) => {
  if (!guarded) return t.skip('redis-server is not installed')
  const name = `${servers.name}_sink`
  const config = sink({})

  await connectless.request('PUT', `/connectors/${name}/config`, config)

  const redis = new Redis({ host: guarded.host, port: guarded.port, password: PASSWORD })
  await until(async () => (await redis.dbsize()) >= ROWS, 50, 20_000)
  await connectless.waitFor(name, 'RUNNING')
  await redis.quit()
  await assertHeldAsGiven(name, config)
})

const FAILING: readonly { title: string; wrong: () => Record<string, string>; says: RegExp }[] = [
  {
    title: 'a value that does not fit its key',
    wrong: () => ({ 'redis.port': `\${secretsmanager:${secretName()}:password}` }),
    says: /Invalid value \[hidden\] for configuration redis\.port: Not a number of type INT/,
  },
  {
    title: 'a secret that there is not',
    wrong: () => ({ 'redis.password': '${secretsmanager:no/such/secret:password}' }),
    says: /Could not resolve \$\{secretsmanager:no\/such\/secret:password\}: .*ResourceNotFound/,
  },
  {
    title: 'a variable that is not allowed, so that the reference stays as it is',
    wrong: () => ({ 'redis.port': '${env:PATH}' }),
    says: /Invalid value \$\{env:PATH\} for configuration redis\.port: Not a number of type INT/,
  },
]

for (const [at, { title, wrong, says }] of FAILING.entries())
  test(`${title} fails the task, and the trace says so`, async () => {
    const name = `${servers.name}_failing_${at}`

    await connectless.request('PUT', `/connectors/${name}/config`, sink(wrong()))

    const { status } = await waitForStatus(
      connectless.url,
      name,
      ({ tasks }) => tasks[0]?.state === 'FAILED',
      15_000,
    )
    assert.match(status.tasks[0]?.trace ?? '', says)
  })

test('after all this no password is in the log, in an answer or in a row', async () => {
  const answers = JSON.stringify(
    await connectless.request('GET', '/connectors?expand=info&expand=status'),
  )
  const names = JSON.parse(JSON.stringify(await connectless.request('GET', '/connectors')))
  const rows = JSON.stringify(await Promise.all(names.map(rowsOf)))

  assert.ok(answers.includes('FAILED') && names.length >= 4)
  for (const text of [readFileSync(logFile(), 'utf8'), answers, rows])
    assert.ok(!text.includes(PASSWORD), 'a password is out')
})
