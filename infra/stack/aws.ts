import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { host } from './ports.ts'
import { program } from './programs.ts'
import { python3 } from './python.ts'
import type { Service } from './service.ts'

const version = '1.5.33'
const venv = `ministack-${version}`

/** MiniStack, an emulator of AWS, in a Python environment of its own. */
export const aws: Service<'aws'> = {
  name: 'aws',
  title: `MiniStack ${version}`,
  firstPort: 24566,
  portCount: 1,
  needs: [{ ...python3, isForInstall: true }],
  isInstalled: (dir) => existsSync(join(dir, venv, 'complete')),

  async install({ dir, step }) {
    rmSync(join(dir, venv), { recursive: true, force: true })
    await step('making a Python environment', {
      command: program('python3'),
      args: ['-m', 'venv', venv],
      cwd: dir,
    })
    await step(`installing MiniStack ${version} from PyPI`, {
      command: python(dir),
      args: ['-m', 'pip', 'install', '--disable-pip-version-check', `ministack==${version}`],
      cwd: dir,
    })
    writeFileSync(join(dir, venv, 'complete'), '')
  },

  async prepare({ dir }) {
    rmSync(join(dir, 'tmp'), { recursive: true, force: true })
    mkdirSync(join(dir, 'tmp'))
    // Functions are unpacked there, below this project's package.json, and are CommonJS all the same.
    writeFileSync(join(dir, 'tmp', 'package.json'), '{"type":"commonjs"}\n')
  },

  daemon: (dir, port) => ({
    command: python(dir),
    args: ['-m', 'ministack'],
    cwd: dir,
    env: {
      BIND_HOST: host,
      MINISTACK_HOST: host,
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      PYTHONUNBUFFERED: '1',
      TMPDIR: join(dir, 'tmp'),
    },
  }),

  address: (port) => ({ endpoint: `http://${host}:${port}` }),

  async probe({ endpoint }) {
    const answer = await fetch(`${endpoint}/_ministack/ready`, {
      signal: AbortSignal.timeout(5_000),
    })
    // An emulator that STACK_AWS names may not know this path: any answer but "not yet" will do.
    if (answer.status === 503) throw new Error('it is not ready yet')
  },
}

// By its full path and as a module: the scripts of an environment hold the path it was made at.
const python = (dir: string): string => join(dir, venv, 'bin', 'python')
