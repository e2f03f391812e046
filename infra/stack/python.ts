import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { brought } from './brought.ts'
import { program } from './programs.ts'
import type { Program } from './service.ts'

/** Python with what it needs to make environments. */
export const python3: Program = {
  command: 'python3',
  debianPackage: 'python3-venv',
  works: (python) => spawnSync(python, ['-c', 'import ensurepip, venv']).status === 0,
}

/** The interpreter of an environment under `.stack` with these packages of PyPI, such as `requests==2.32.3`. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const dir = await brought(`python/${name}`, (cwd) => [
    { command: program('python3'), args: ['-m', 'venv', 'venv'], cwd },
    {
      command: pythonIn(cwd),
      args: ['-m', 'pip', 'install', '--disable-pip-version-check', ...packages],
      cwd,
    },
  ])
  return pythonIn(dir)
}

// By its full path and with modules: the scripts of an environment hold the path it was made at.
const pythonIn = (dir: string): string => join(dir, 'venv', 'bin', 'python')
