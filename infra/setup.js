// The way into every npm script: brings the packages, finds the pinned Node 24 and hands over to it.
// Plain JavaScript without dependencies, since it runs under whatever Node (18 or later) is there.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)))
const packageLock = join(projectDir, 'package-lock.json')
const modules = join(projectDir, 'node_modules')
const installed = join(modules, '.installed-lock')
const pinnedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

const scripts = {
  stack: ['infra/stack/command.ts'],
  test: ['infra/stack/test.ts'],
  check: ['infra/stack/check.ts'],
  demo: ['infra/stack/run-with-stack.ts', 'mysql,kafka,redis', 'infra/demo.ts'],
  bench: ['infra/stack/run-with-stack.ts', 'mysql,kafka,redis,aws', 'infra/bench/index.ts'],
  start: ['bin/connectless.js', 'start'],
  docs: ['infra/docs/index.ts'],
  'lint:cfn': ['infra/policy/command.ts', 'cfn'],
  'lint:policy': ['infra/policy/command.ts', 'policy'],
  e2e: ['infra/stack/run-with-stack.ts', 'mysql,kafka,redis', 'infra/e2e/index.ts'],
  package: ['node_modules/serverless/bin/serverless.js', 'package'],
}

const main = async () => {
  const [name, ...args] = process.argv.slice(2)
  if (name !== undefined && !Object.hasOwn(scripts, name))
    throw new Error(`usage: node infra/setup.js [${Object.keys(scripts).join('|')}] …`)
  if (!isInstalled()) await install()
  if (name === undefined) return 0
  return run(pinnedNode, [...scripts[name], ...args], {
    PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}`,
    // kafkajs sets timers to times that are past; Node 24 says so and goes on as before.
    NODE_OPTIONS:
      `${process.env.NODE_OPTIONS ?? ''} --disable-warning=TimeoutNegativeWarning`.trim(),
  })
}

const install = async () => {
  const release = await lock()
  try {
    if (isInstalled()) return // By the one we waited for.
    const startedMs = Date.now()
    say('installing the npm packages and Node 24 …')
    const code = await npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error')
    if (code !== 0) throw new Error(`npm ci ended with ${code}`)
    if (!existsSync(pinnedNode))
      throw new Error(
        'The npm package "node" brought no Node 24; install scripts may be switched off. Try: npm rebuild node --ignore-scripts=false',
      )
    writeFileSync(installed, lockHash())
    say(`installing: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`)
  } finally {
    release()
  }
}

const isInstalled = () => {
  if (!existsSync(pinnedNode)) return false
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lockHash()) return true
  if (!isInstalledByHand()) return false
  writeFileSync(installed, lockHash())
  return true
}

/** npm writes its own copy of the lock when it has installed everything. */
const isInstalledByHand = () => {
  const copy = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false })
  return copy !== undefined && copy.mtimeMs >= statSync(packageLock).mtimeMs
}

const lockHash = () =>
  createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync(packageLock))
    .digest('hex')

/** Two scripts started at once in a fresh clone: one installs, the other waits. */
const lock = async () => {
  const file = join(projectDir, '.stack', 'install.lock')
  mkdirSync(dirname(file), { recursive: true })
  for (let turn = 0; ; turn += 1) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = Number(readFileSync(file, 'utf8'))
    if (turn > 5 && !isRunning(holder)) rmSync(file, { force: true })
    if (turn === 0) say(`waiting for process ${holder}, which is installing …`)
    await sleep(200)
  }
}

const isRunning = (pid) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** The npm that started us, else the one on PATH. */
const npm = (...args) => {
  const script = process.env.npm_execpath
  return script?.endsWith('.js') ? run(process.execPath, [script, ...args]) : run('npm', args)
}

/** Runs a command in the project; its exit code as a shell would have it. Signals go on to it. */
const run = (command, args, env = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectDir,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => {
        // Ctrl-C reaches every process of the terminal by itself.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      })
    const watch = onOrphaned(() => child.kill('SIGTERM'))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })

/** npm gives a signal to the shell it runs a script in, which dies of it and tells nobody. */
const onOrphaned = (then) => {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const shell = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    then()
  }, 200)
  return watch
}

const say = (line) => process.stderr.write(`setup  ${line}\n`)

main().then(
  (code) => {
    process.exitCode = code
  },
  (error) => {
    say(error.message)
    process.exitCode = 1
  },
)
