import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { launch, stop } from '../stack/daemon.ts'
import { freePort, host } from '../stack/ports.ts'
import { program, run, tail } from '../stack/programs.ts'
import { stackDir } from '../stack/records.ts'

const version = '4.3.1'

/** Apache Kafka Connect itself, out of Maven Central: one distributed worker with the FileStream connectors. */
export type ConnectWorker = { readonly url: string; stop(): Promise<void> }

/** @throws Error with the log's end when it does not come up. */
export async function startConnectWorker(brokers: string, name: string): Promise<ConnectWorker> {
  const dir = join(stackDir, 'connect')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'pom.xml'), pom)
  await run(
    {
      command: program('mvn'),
      args: ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=libs-${version}`],
      cwd: dir,
    },
    join(dir, 'install.log'),
  )
  const port = await freePort({ first: 28083, count: 1 })
  const url = `http://${host}:${port}`
  writeFileSync(join(dir, 'worker.properties'), properties(brokers, url, name))
  writeFileSync(join(dir, 'log4j2.xml'), log4j)
  const logFile = join(dir, 'worker.log')
  const daemon = await launch(
    {
      command: program('java'),
      args: [
        '-Xmx512m',
        '-Duser.timezone=UTC',
        '-Dlog4j2.configurationFile=log4j2.xml',
        '-cp',
        join(dir, `libs-${version}`, '*'),
        'org.apache.kafka.connect.cli.ConnectDistributed',
        'worker.properties',
      ],
      cwd: dir,
    },
    logFile,
  )
  await untilUp(url, logFile)
  return { url, stop: () => stop(daemon, 10_000) }
}

const START_MS = 60_000

async function untilUp(url: string, logFile: string): Promise<void> {
  const until = performance.now() + START_MS
  while (performance.now() < until) {
    const answer = await fetch(`${url}/connectors`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(250)
  }
  throw new Error(`Kafka Connect is not up after ${START_MS} ms:\n${tail(logFile)}`)
}

const properties = (brokers: string, url: string, name: string): string =>
  Object.entries({
    'bootstrap.servers': brokers,
    'group.id': name,
    listeners: url,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'config.storage.topic': `${name}-configs`,
    'offset.storage.topic': `${name}-offsets`,
    'status.storage.topic': `${name}-status`,
    'config.storage.replication.factor': 1,
    'offset.storage.replication.factor': 1,
    'status.storage.replication.factor': 1,
    'offset.flush.interval.ms': 1000,
    'connector.client.config.override.policy': 'All',
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>connectless</groupId>
  <artifactId>connect</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${['connect-runtime', 'connect-json', 'connect-transforms', 'connect-file']
  .map(
    (artifact) =>
      `    <dependency><groupId>org.apache.kafka</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  )
  .join('\n')}
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.4</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
`

// Levels of loggers can only be set where there is a logging library.
const log4j = `<Configuration>
  <Appenders><Console name="console"/></Appenders>
  <Loggers><Root level="WARN"><AppenderRef ref="console"/></Root></Loggers>
</Configuration>
`
