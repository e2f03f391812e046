import type { ServiceName } from './addresses.ts'
import { env, leave, up } from './index.ts'
import { StackError } from './stack-error.ts'

/**
 * Runs `work` with the services up and their addresses in the environment; afterwards stops those that were started for
 * it, unless another such run still uses them. On SIGINT, SIGTERM and SIGHUP the signal given to `work` aborts.
 */
export const withStack = async <Result>(
  names: readonly ServiceName[],
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stopping.abort(new StackError(`stopped by ${name}`)))
  try {
    const there = await up(names, { isTransient: true, signal: stopping.signal })
    Object.assign(process.env, env(there))
    return await work(stopping.signal)
  } finally {
    await leave()
  }
}
