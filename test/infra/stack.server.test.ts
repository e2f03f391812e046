import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { variables } from '../../infra/stack/addresses.ts'
import { freePort, host } from '../../infra/stack/ports.ts'
import { which } from '../../infra/stack/programs.ts'
import { projectDir, type ServiceRecord } from '../../infra/stack/records.ts'
import { redis } from '../../infra/stack/redis.ts'

/** A second clone beside this one, whose servers are its own; without Docker, whatever the machine has. */
const clone = mkdtempSync(join(tmpdir(), 'clone-'))
mkdirSync(join(clone, 'bin'))
writeFileSync(join(clone, 'bin', 'docker'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
cpSync(join(projectDir, 'infra', 'stack'), join(clone, 'infra', 'stack'), { recursive: true })
symlinkSync(join(projectDir, 'node_modules'), join(clone, 'node_modules'))
writeFileSync(join(clone, 'package.json'), '{ "type": "module" }')

const env: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(clone, 'bin')}${delimiter}${process.env['PATH']}`,
}
for (const { variable } of Object.values(variables)) delete env[variable]

const stack = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, ['infra/stack/command.ts', ...args], {
    cwd: clone,
    env,
    encoding: 'utf8',
  })

const status = () => JSON.parse(stack('status', '--json').stdout)

const record = (): ServiceRecord =>
  JSON.parse(readFileSync(join(clone, '.stack', 'redis', 'record.json'), 'utf8'))

const pid = (): number => (record().runs as { pid: number }).pid

after(() => {
  stack('down')
  rmSync(clone, { recursive: true })
})

const skip = which('redis-server') === undefined && 'redis-server is not installed here'

describe('the stack of a clone', { skip }, () => {
  test('a server that was started answers until it is stopped', () => {
    assert.deepEqual(status(), {})

    const up = stack('up', 'redis')

    assert.equal(up.status, 0, up.stderr)
    assert.deepEqual(status(), { redis: { host, port: record().port } })
    stack('down')
    assert.deepEqual(status(), {})
  })

  test('a second up leaves it as it is', () => {
    stack('up', 'redis')
    const before = pid()

    stack('up', 'redis')

    assert.equal(pid(), before)
  })

  test('one that was killed is started again where it was', () => {
    stack('up', 'redis')
    const { port } = record()
    process.kill(pid(), 'SIGKILL')

    const up = stack('up', 'redis')

    assert.equal(up.status, 0, up.stderr)
    assert.deepEqual(status(), { redis: { host, port } })
  })

  test('when its port was taken meanwhile it goes to another', async () => {
    stack('up', 'redis')
    stack('down')
    const { port } = record()
    const stranger = createServer().listen(port, host)
    await once(stranger, 'listening')

    stack('up', 'redis')

    assert.notEqual(record().port, port)
    assert.deepEqual(status(), { redis: { host, port: record().port } })
    stranger.close()
  })

  test('of two at once one starts it and the other waits', async () => {
    stack('down')
    const start = async (): Promise<number> => {
      const args = ['infra/stack/command.ts', 'up', 'redis']
      const child = spawn(process.execPath, args, { cwd: clone, env, stdio: 'ignore' })
      const [code] = await once(child, 'exit')
      return code
    }

    const codes = await Promise.all([start(), start()])

    assert.deepEqual(codes, [0, 0])
    assert.deepEqual(status(), { redis: { host, port: record().port } })
  })

  test('what is started for one run is stopped with it; what was up before stays', () => {
    stack('down')
    const run = (script: string): SpawnSyncReturns<string> => {
      writeFileSync(join(clone, 'script.ts'), script)
      return spawnSync(
        process.execPath,
        ['infra/stack/run-with-stack.ts', 'redis', 'script.ts', 'word'],
        { cwd: clone, env, encoding: 'utf8' },
      )
    }
    const script = 'console.log(process.env.STACK_REDIS, process.argv[2]); process.exit(3)'

    const alone = run(script)

    assert.equal(alone.stdout, `redis://${host}:${record().port} word\n`)
    assert.equal(alone.status, 3)
    assert.deepEqual(status(), {})
    stack('up', 'redis')
    run(script)
    assert.deepEqual(status(), { redis: { host, port: record().port } })
  })

  test('an address that is given is used, and nothing is started for it', async () => {
    stack('down')
    const port = await freePort({ first: redis.firstPort, count: 1 })
    env['STACK_REDIS'] = `redis://${host}:${port}`

    const up = stack('up', 'redis')

    delete env['STACK_REDIS']
    assert.equal(up.status, 1)
    assert.match(up.stderr, /nothing answers at the address that STACK_REDIS gives/)
    assert.deepEqual(status(), {})
  })
})
