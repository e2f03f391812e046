import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseProperties } from '../config/properties.ts'
import { ConfigError } from '../errors.ts'
import type { ConfigProvider } from '../ports.ts'
import type { AllowedPaths } from './allowed-paths.ts'

export type Warn = (message: string) => void

/** `${file:<path>:<key>}`: a value of a file of Java properties. */
export const propertiesFiles = (allowed: AllowedPaths, warn: Warn): ConfigProvider => ({
  async get(path, key) {
    const file = readable(path, allowed, warn)
    if (file === undefined) return undefined
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new ConfigError(`Could not read properties from file ${path}`, { cause })
    })
    const values = parseProperties(text)
    return Object.hasOwn(values, key) ? (values[key] ?? undefined) : undefined
  },
})

/** `${dir:<path>:<file name>}`: the whole content of a file of a folder. */
export const filesOfFolder = (allowed: AllowedPaths, warn: Warn): ConfigProvider => ({
  async get(path, key) {
    const folder = readable(path, allowed, warn)
    if (folder === undefined) return undefined
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
      warn(`The path ${path} is not a directory`)
      return undefined
    }
    // A name, and nothing that leads out of the folder.
    if (basename(key) !== key || key === '..' || key === '.') return undefined
    const file = join(folder, key)
    if (!(await stat(file).catch(() => undefined))?.isFile()) return undefined
    return readFile(file, 'utf8').catch((cause: unknown) => {
      throw new ConfigError(`Could not read file ${file} for property ${key}`, { cause })
    })
  },
})

function readable(path: string, allowed: AllowedPaths, warn: Warn): string | undefined {
  if (path === '') return undefined
  const found = allowed(path)
  if (found === undefined) warn(`The path ${path} is not allowed to be accessed`)
  return found
}
