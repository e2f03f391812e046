import { localPlugins } from '../../lib/local/plugins.ts'
import { plugins } from '../../lib/registry.ts'
import { examplesByPlugin } from './examples.ts'
import { page } from './page.ts'

export const PLUGINS_PAGE = new URL('../../docs/plugins.md', import.meta.url)

/** What docs/plugins.md is to say. */
export async function pluginsPage(): Promise<string> {
  const { all } = localPlugins
  const deployed = new Set(plugins.all.map(({ name }) => name))
  const localOnly = new Set(all.map(({ name }) => name).filter((name) => !deployed.has(name)))
  return page({ plugins: all, localOnly, examples: await examplesByPlugin(all) })
}
