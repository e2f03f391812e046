import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { broker } from '../kafka/kafka-fixture.ts'

const COMMAND = fileURLToPath(new URL('../../bin/connectless.js', import.meta.url))

/** The command, as a process of its own that can be killed. */
export async function frontProcess(of: { readonly upstream: string; readonly stateFile: string }) {
  const options = [
    ...['--upstream', of.upstream, '--state-file', of.stateFile],
    ...['--bootstrap-servers', broker(), '--port', '0', '--delay-ms', '0'],
  ]
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
  const child = spawn(process.execPath, [COMMAND, 'mapping-front', ...options], {
    env: { ...process.env, ...keys },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(child.stdout, 'data')
  const url = /http:\S+/.exec(String(line))?.[0]
  if (url === undefined) throw new Error(`no address in ${line}`)
  return {
    url,
    async end(signal: 'SIGKILL' | 'SIGTERM') {
      child.kill(signal)
      await once(child, 'exit')
    },
  }
}
