import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brought } from '../../infra/stack/brought.ts'
import type { Command } from '../../infra/stack/daemon.ts'
import { program } from '../../infra/stack/programs.ts'
import type { Program } from '../../infra/stack/service.ts'

const VERSION = '4.0.5'

/** A runtime is enough: the compiler comes as a library. */
export const java: readonly Program[] = [
  { command: 'java', debianPackage: 'default-jre-headless' },
  { command: 'mvn', debianPackage: 'maven' },
]

/** How to run a class of the folder kafka-connect-client-java with Maven's org.sourcelab:kafka-connect-client. */
export async function javaClient(className: string): Promise<Command> {
  const folder = await brought(`clients/kafka-connect-client-java-${VERSION}`, (cwd) => {
    writeFileSync(join(cwd, 'pom.xml'), POM)
    return [
      {
        command: program('mvn'),
        args: ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'],
        cwd,
      },
    ]
  })
  return {
    command: 'sh',
    args: ['-c', RUN, className, folder, className],
    cwd: import.meta.dirname,
  }
}

// Compiled anew each time: that takes a second, and the source may have changed.
const RUN = `
folder=$1 class=$2; shift 2
compiled=$(mktemp -d); trap 'rm -r "$compiled"' EXIT
java -jar "$folder"/libs/ecj-*.jar --release 11 -nowarn -cp "$(printf %s: "$folder"/libs/*.jar)" -d "$compiled" kafka-connect-client-java/$class.java
java -cp "$compiled:$folder/libs/*" "$class" "$@"
`

const dependency = (group: string, artifact: string, version: string): string =>
  `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>connectless</groupId>
  <artifactId>client</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${dependency('org.sourcelab', 'kafka-connect-client', VERSION)}
${dependency('org.eclipse.jdt', 'ecj', '3.33.0')}
${dependency('org.slf4j', 'slf4j-nop', '1.7.36')}
  </dependencies>
</project>
`
