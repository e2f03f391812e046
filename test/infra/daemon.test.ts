import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Daemon, isAlive, launch, startOf, stop } from '../../infra/stack/daemon.ts'

const dir = mkdtempSync(join(tmpdir(), 'daemon-'))
after(() => rmSync(dir, { recursive: true }))

const forever = 'setInterval(() => {}, 1000)'
const deaf = `process.on('SIGTERM', () => {}); ${forever}`
const parent = `
  const { pid } = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}])
  console.log(pid)
  ${forever}`

const launchScript = async (script: string): Promise<Daemon & { log: string }> => {
  const log = join(dir, `${Math.random()}.log`)
  const command = { command: process.execPath, args: ['-e', `console.log('ready'); ${script}`] }
  const daemon = await launch({ ...command, cwd: dir }, log)
  await until(() => readFileSync(log, 'utf8').includes('ready'))
  return { ...daemon, log }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await sleep(10)
}

test('a daemon stops when it is told to', async () => {
  const daemon = await launchScript(forever)
  assert.ok(isAlive(daemon))

  await stop(daemon, 5_000)

  assert.equal(startOf(daemon.pid), undefined)
})

test('a daemon that does not listen is killed', async () => {
  const daemon = await launchScript(deaf)

  await stop(daemon, 100)

  assert.equal(startOf(daemon.pid), undefined)
})

test('the processes it started go with it, also when it was killed before', async () => {
  const daemon = await launchScript(parent)
  await until(() => /\d+/.test(readFileSync(daemon.log, 'utf8')))
  const child = Number(/\d+/.exec(readFileSync(daemon.log, 'utf8'))![0])
  process.kill(daemon.pid, 'SIGKILL')
  await until(() => !isAlive(daemon))
  assert.notEqual(startOf(child), undefined)

  await stop(daemon, 100)

  await until(() => startOf(child) === undefined)
})

test('a process that was given the number of a daemon is left alone', async () => {
  const stranger = await launchScript(forever)
  const gone = { pid: stranger.pid, started: 'long ago' }

  await stop(gone, 100)

  assert.ok(!isAlive(gone))
  assert.ok(isAlive(stranger))
  await stop(stranger, 5_000)
})

test('the log of the run before is kept', async () => {
  const log = join(dir, 'kept.log')
  const say = (word: string) => ({
    command: process.execPath,
    args: ['-p', `'${word}'`],
    cwd: dir,
  })
  await launch(say('first'), log)
  await until(() => readFileSync(log, 'utf8') === 'first\n')

  await launch(say('second'), log)

  await until(() => existsSync(log) && readFileSync(log, 'utf8') === 'second\n')
  assert.equal(readFileSync(`${log}.old`, 'utf8'), 'first\n')
})

test('a program that is not there is said to be missing', async () => {
  const missing = { command: join(dir, 'nothing'), args: [], cwd: dir }

  await assert.rejects(launch(missing, join(dir, 'missing.log')), /starting .*nothing/)
})
