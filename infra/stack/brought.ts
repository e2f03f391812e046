import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { aptInstall } from './apt.ts'
import type { Command } from './daemon.ts'
import { locked } from './lock.ts'
import { run, which } from './programs.ts'
import { stackDir } from './records.ts'
import type { Program } from './service.ts'

/**
 * The folder under `.stack` into which `steps` install something, once: who comes meanwhile waits. The folder's name
 * holds the versions, so that others are installed anew. @throws StackError with the end of the log.
 */
export async function brought(name: string, steps: (dir: string) => Command[]): Promise<string> {
  const dir = join(stackDir, name)
  const complete = join(dir, 'complete')
  mkdirSync(dirname(dir), { recursive: true })
  await locked(
    `${dir}.lock`,
    async () => {
      if (existsSync(complete)) return
      rmSync(dir, { recursive: true, force: true })
      mkdirSync(dir)
      for (const step of steps(dir)) await run(step, join(dirname(dir), 'install.log'))
      writeFileSync(complete, '')
    },
    () => undefined,
  )
  return dir
}

/** What is missing of these programs after Debian's package manager, where there is one, was asked for them. */
export async function missingOf(programs: readonly Program[]): Promise<readonly Program[]> {
  const missing = programs.filter(isMissing)
  if (missing.length === 0) return []
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))]
  const command = aptInstall(packages, stackDir)
  if (!command) return missing
  mkdirSync(stackDir, { recursive: true })
  await run(command, join(stackDir, 'apt.log'))
  return programs.filter(isMissing)
}

const isMissing = ({ command, works }: Program): boolean => {
  const path = which(command)
  return path === undefined || works?.(path) === false
}
