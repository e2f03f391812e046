import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openServers } from '../../infra/bench/servers.ts'
import type { Command } from '../../infra/stack/daemon.ts'

export type Names = {
  readonly url: string
  readonly connector: string
  readonly topic: string
  readonly file: string
}

export type Seen = Readonly<Record<string, unknown>>

/** What a client's script, given the names as arguments, saw of a connector's life on a worker of our own. */
export async function lifeCycle(
  script: Command,
): Promise<{ readonly seen: Seen; readonly names: Names }> {
  const servers = await openServers()
  const folder = await mkdtemp(join(tmpdir(), 'client-'))
  try {
    const { url } = await servers.connectless({ 'offset.flush.interval.ms': '100' })
    const file = join(folder, 'lines.txt')
    await writeFile(file, 'one\ntwo\n')
    const names = { url, connector: `${servers.name}-lines`, topic: `${servers.name}_lines`, file }
    return { seen: await seenBy(script, names), names }
  } finally {
    await servers.close()
    await rm(folder, { recursive: true })
  }
}

const LIMIT_MS = 60_000

/** The last line that a script prints is JSON. @throws Error with all it said when it fails. */
export async function seenBy({ command, args, cwd, env }: Command, names: Names): Promise<Seen> {
  const { stdout } = await promisify(execFile)(command, [...args, ...Object.values(names)], {
    cwd,
    env: { ...process.env, ...env },
    timeout: LIMIT_MS,
  })
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}

export const PLUGIN = {
  class: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
  type: 'source',
  version: '4.3.1',
}

const TOPIC_MISSING = 'Missing required configuration "topic" which has no default value.'

/** What each client has to see, whatever its language, but for what it tells more of or `otherwise`. */
export function assertLife(seen: Seen, names: Names, otherwise: Seen = {}): void {
  const { connector, topic } = names
  const running = ['RUNNING', 'RUNNING']
  assert.deepEqual(seen, {
    version: '4.3.1',
    plugin: PLUGIN,
    invalid: { topic: [TOPIC_MISSING] },
    refused: [
      400,
      `Connector configuration is invalid and contains the following 1 error(s):\n${TOPIC_MISSING}\nYou can also find the above list of errors at the endpoint \`/connector-plugins/{connectorType}/config/validate\``,
    ],
    unknown: [404, `Connector ${connector} not found`],
    created: [connector, 'source', 0],
    running,
    taken: [409, `Connector ${connector} already exists`],
    listed: [[connector], ['info']],
    tasks: [[connector, 0, topic]],
    task: [0, 'RUNNING'],
    updated: ['7', '7'],
    rerun: running,
    restarted: ['RESTARTING', 'RESTARTING'],
    'restarted for real': running,
    paused: ['PAUSED', 'PAUSED'],
    resumed: running,
    stopped: ['STOPPED'],
    'resumed after a stop': running,
    deleted: [],
    ...otherwise,
  })
}
