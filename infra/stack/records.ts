import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ServiceName } from './addresses.ts'
import type { Daemon } from './daemon.ts'

export const projectDir = resolve(import.meta.dirname, '../..')

/** Everything the stack downloads, writes and remembers; may be deleted while it is down. */
export const stackDir = join(projectDir, '.stack')

/** What is remembered of a service between two commands. Its port outlives it, so that it comes back where it was. */
export type ServiceRecord = {
  readonly port: number
  readonly runs?: Daemon | 'in docker'
  /** Started for one run of the tests, the demo or a benchmark, and stopped with the last of them. */
  readonly isTransient?: boolean
}

export const serviceDir = (name: ServiceName): string => {
  const dir = join(stackDir, name)
  mkdirSync(dir, { recursive: true })
  return dir
}

export const readRecord = (name: ServiceName): ServiceRecord | undefined => {
  try {
    return JSON.parse(readFileSync(join(stackDir, name, 'record.json'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export const writeRecord = (name: ServiceName, record: ServiceRecord): void => {
  const file = join(serviceDir(name), 'record.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`)
  renameSync(`${file}.new`, file)
}
