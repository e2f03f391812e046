import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Example, Plugin } from '../../lib/plugin.ts'

const root = new URL('../../', import.meta.url)

/** The examples that stand in the files of transforms and predicates, by the class name of their plugins. */
export async function examplesByPlugin(
  plugins: readonly Plugin[],
): Promise<ReadonlyMap<string, readonly Example[]>> {
  const files = globSync('lib/{transforms,predicates}/**/*.ts', { cwd: fileURLToPath(root) })
  const found = await Promise.all(
    files.map(async (file) => {
      const exported: Readonly<Record<string, unknown>> = await import(new URL(file, root).href)
      // Which the contract of a plugin's file says it exports.
      const examples = (exported['examples'] ?? []) as readonly Example[]
      const values: readonly unknown[] = Object.values(exported).flat()
      return plugins
        .filter((plugin) => values.includes(plugin))
        .map(({ name }) => [name, examples] as const)
    }),
  )
  return new Map(found.flat())
}
