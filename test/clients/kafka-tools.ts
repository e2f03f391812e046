import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { addresses } from '../../infra/stack/addresses.ts'
import { brought } from '../../infra/stack/brought.ts'
import { program } from '../../infra/stack/programs.ts'

const VERSION = '4.3.1'

/** What `kafka-consumer-groups --describe --group` prints, by Kafka's own command. */
export async function describedGroup(group: string): Promise<string> {
  const folder = await brought(`clients/kafka-tools-${VERSION}`, (cwd) => {
    writeFileSync(join(cwd, 'pom.xml'), POM)
    return [
      {
        command: program('mvn'),
        args: ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'],
        cwd,
      },
    ]
  })
  const { stdout } = await promisify(execFile)(program('java'), [
    '-cp',
    join(folder, 'libs', '*'),
    'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
    '--bootstrap-server',
    addresses().kafka['bootstrap.servers'],
    '--describe',
    '--group',
    group,
  ])
  return stdout
}

/** By topic: its first partition's CURRENT-OFFSET and LAG. */
export function lagsIn(described: string): Record<string, string> {
  const lines = described.split('\n').map((line) => line.trim().split(/\s+/))
  const names = lines.find((line) => line.includes('CURRENT-OFFSET')) ?? []
  const at = (line: readonly string[], name: string) => line[names.indexOf(name)] ?? ''
  return Object.fromEntries(
    lines
      .filter((line) => line.length === names.length && at(line, 'PARTITION') === '0')
      .map((line) => [at(line, 'TOPIC'), `${at(line, 'CURRENT-OFFSET')} ${at(line, 'LAG')}`]),
  )
}

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
