import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { serviceNamed } from './addresses.ts'
import { atTheTop } from './at-the-top.ts'
import { withStack } from './with-stack.ts'

// run-with-stack mysql,kafka script.ts …: runs a script under this Node while the services are up.
const [names = '', ...script] = process.argv.slice(2)

const runScript = (signal: AbortSignal): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, script, { stdio: 'inherit' })
    signal.addEventListener('abort', () => child.kill('SIGTERM'))
    child.once('error', reject)
    child.once('exit', (code, killedBy) => resolve(code ?? 128 + constants.signals[killedBy!]))
  })

atTheTop(() => withStack(names.split(',').map(serviceNamed), runScript))
