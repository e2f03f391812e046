#!/usr/bin/env node
// The command for whatever Node is there: it hands over to the pinned one, which runs TypeScript as it is.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24
const setup = fileURLToPath(new URL('../infra/setup.js', import.meta.url))
const isClone = existsSync(new URL('../package-lock.json', import.meta.url)) && existsSync(setup)

// A fresh clone gets its packages as by any npm script; input and output are the command's alone.
if (!isNewEnough && !existsSync(pinned) && isClone)
  spawnSync(process.execPath, [setup], { stdio: ['ignore', 2, 2] })

if (!isNewEnough && !existsSync(pinned)) {
  process.stderr.write(`connectless needs Node 24 or newer, this is ${process.version}\n`)
  process.exit(1)
}

const node = isNewEnough ? process.execPath : pinned
const args = [
  // A young generation of 3 × 8 MB: at full load a quarter less memory than with the default, and no slower.
  '--max-semi-space-size=8',
  // kafkajs sets timers to times that are past.
  '--disable-warning=TimeoutNegativeWarning',
  // process.execve is called experimental.
  '--disable-warning=ExperimentalWarning',
  fileURLToPath(new URL('./connectless.ts', import.meta.url)),
  ...process.argv.slice(2),
]

// In place of this process where that can be done, so that whoever kills the command kills it and not a parent of it.
if (process.execve && process.platform !== 'win32')
  process.execve(node, [node, ...args], process.env)

const child = spawn(node, args, { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
