import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { addresses } from './addresses.ts'
import { brought } from './brought.ts'
import { program } from './programs.ts'
import type { Program } from './service.ts'

const VERSION = '4.3.1'

export const java: readonly Program[] = [
  { command: 'java', debianPackage: 'default-jre-headless' },
  { command: 'mvn', debianPackage: 'maven' },
]

/** What `kafka-consumer-groups --describe --group <group> …` prints, Kafka's own. */
export async function describeGroups(groups: readonly string[]): Promise<string> {
  const dir = await brought(`kafka-tools-${VERSION}`, (cwd) => {
    writeFileSync(join(cwd, 'pom.xml'), POM)
    const args = ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs']
    return [{ command: program('mvn'), args, cwd }]
  })
  const { stdout } = await promisify(execFile)(program('java'), [
    '-cp',
    join(dir, 'libs', '*'),
    'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
    '--bootstrap-server',
    addresses().kafka['bootstrap.servers'],
    '--describe',
    ...groups.flatMap((group) => ['--group', group]),
  ])
  return stdout.trim()
}

export type GroupLine = {
  readonly topic: string
  readonly partition: number
  readonly committed: number
  readonly lag: number
}

/** The lines of groups' tables: GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG … */
export const linesOf = (groups: readonly string[], printed: string): GroupLine[] =>
  printed.split('\n').flatMap((line) => {
    const [name = '', topic = '', partition, committed, , lag] = line.trim().split(/\s+/)
    return groups.includes(name)
      ? [{ topic, partition: Number(partition), committed: Number(committed), lag: Number(lag) }]
      : []
  })

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>connectless</groupId>
  <artifactId>tools</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`
