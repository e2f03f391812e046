import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { host } from './ports.ts'
import { program } from './programs.ts'
import type { Service } from './service.ts'

const version = '4.3.1'
const libs = `kafka-${version}`

/** Apache Kafka, one node that is broker and controller, from Maven Central. */
export const kafka: Service<'kafka'> = {
  name: 'kafka',
  title: `Apache Kafka ${version}`,
  firstPort: 29092,
  portCount: 2,
  needs: [
    { command: 'java', debianPackage: 'default-jre-headless' },
    { command: 'mvn', debianPackage: 'maven', isForInstall: true },
  ],
  isInstalled: (dir) => existsSync(join(dir, libs)),

  async install({ dir, step }) {
    mkdirSync(join(dir, 'maven'), { recursive: true })
    writeFileSync(join(dir, 'maven', 'pom.xml'), pom)
    rmSync(join(dir, 'maven', 'libs'), { recursive: true, force: true })
    await step(`downloading Kafka ${version} from Maven Central (54 MB)`, {
      command: program('mvn'),
      args: ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'],
      cwd: join(dir, 'maven'),
    })
    renameSync(join(dir, 'maven', 'libs'), join(dir, libs))
  },

  async prepare({ dir, step }, port) {
    writeFileSync(join(dir, 'server.properties'), serverProperties(dir, port))
    if (existsSync(join(dir, 'data', 'meta.properties'))) return
    rmSync(join(dir, 'data'), { recursive: true, force: true })
    await step('formatting its storage', {
      command: program('java'),
      args: [
        ...classPath(dir),
        'kafka.tools.StorageTool',
        'format',
        `--cluster-id=${clusterId()}`,
        '--config=server.properties',
      ],
      cwd: dir,
    })
  },

  daemon: (dir) => ({
    command: program('java'),
    args: [
      '-Xms256m',
      '-Xmx1g',
      '-XX:+UseG1GC',
      ...classPath(dir),
      'kafka.Kafka',
      'server.properties',
    ],
    cwd: dir,
  }),

  address: (port) => ({ 'bootstrap.servers': `${host}:${port}` }),

  async probe(address) {
    const { Kafka, logLevel } = (await import('kafkajs')).default
    const admin = new Kafka({
      brokers: address['bootstrap.servers'].split(','),
      logLevel: logLevel.NOTHING,
      connectionTimeout: 2_000,
      requestTimeout: 5_000,
      retry: { retries: 0 },
    }).admin()
    try {
      await admin.connect()
      const { brokers } = await admin.describeCluster()
      if (brokers.length === 0) throw new Error('no broker has registered yet')
    } finally {
      await admin.disconnect()
    }
  },
}

const classPath = (dir: string): string[] => ['-cp', join(dir, libs, '*')]

const serverProperties = (dir: string, port: number): string => {
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${host}:${port + 1}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${port + 1}`,
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(dir, 'data'),
    'num.partitions': 1,
    'auto.create.topics.enable': true,
    'group.initial.rebalance.delay.ms': 0,
    // One node: no copies. Few partitions: the first consumer and the first transaction wait for all of them.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 5,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
  }
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}`)
  return `${lines.join('\n')}\n`
}

// 16 bytes as Kafka's Uuid prints them. The command line would take a leading dash for an option; here it cannot lead.
const clusterId = (): string => `C${randomBytes(16).toString('base64url').slice(1)}`

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>connectless</groupId>
  <artifactId>stack</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`
