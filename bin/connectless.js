#!/usr/bin/env node
// The command for whatever Node is there: it hands over to the pinned one, which runs TypeScript as it is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24

if (!isNewEnough && !existsSync(pinned)) {
  process.stderr.write(
    `connectless needs Node 24 or newer, this is ${process.version}; in a clone, "node infra/setup.js start" installs it\n`,
  )
  process.exit(1)
}

const child = spawn(
  isNewEnough ? process.execPath : pinned,
  [fileURLToPath(new URL('./connectless.ts', import.meta.url)), ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
