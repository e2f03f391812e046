import { registerHooks } from 'node:module'
import * as kit from '../plugin-kit.ts'

const SPECIFIER = 'connectless/plugin'
const URL = 'connectless:plugin'
const KIT = Symbol.for(SPECIFIER)

/**
 * From now on `connectless/plugin` is this process's own kit, wherever the module lies that imports it: inside a bundle too, where no file of that name is.
 * So an author's RetriableError is ours.
 */
export function provideKit(): void {
  if (Object.hasOwn(globalThis, KIT)) return
  Object.defineProperty(globalThis, KIT, { value: kit })
  const source = `export const { ${Object.keys(kit).join(', ')} } = globalThis[Symbol.for('${SPECIFIER}')]`
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === SPECIFIER
        ? { url: URL, format: 'module', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === URL ? { format: 'module', source, shortCircuit: true } : next(url, context),
  })
}
