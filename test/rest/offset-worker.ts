/** The REST API with connectors whose offsets can be changed, and the answers of a sink function that a test writes. */
import { fileStreamSink } from '../../lib/connectors/file-stream-sink.ts'
import { fileStreamSource } from '../../lib/connectors/file-stream-source.ts'
import type { Ask, Asked, GroupChange, Lease } from '../../lib/ports.ts'
import type { Stores } from '../../lib/store/stores.ts'
import { examplePlugins } from './example-plugins.ts'
import { restWorker } from './rest-worker.ts'

export const FILE_SOURCE = { 'connector.class': 'FileStreamSource', file: '/lines', topic: 't' }

export const STOP_FIRST = (name: string): string =>
  `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`

const unused = () => Promise.reject(new Error('the REST API starts no task'))

const plugins = [
  ...examplePlugins.filter(({ name }) => !name.includes('FileStream')),
  fileStreamSource({ stdin: unused as never, now: () => 0 }),
  fileStreamSink({ stdout: process.stdout }),
]

export function offsetWorker(
  given: {
    readonly stores?: (stores: Stores) => Stores
    /** what the groups hold */
    readonly committed?: readonly (GroupChange & { readonly offset: string })[]
    readonly failure?: Error
    /** of questions that change something */
    readonly changeFailure?: Error
  } = {},
) {
  const changed: (readonly [string, unknown])[] = []
  const ask: Ask['sink'] = async (what, question) => {
    if (given.failure) throw given.failure
    if (what !== 'groupOffsets' && given.changeFailure) throw given.changeFailure
    if (what !== 'groupOffsets') changed.push([what, question])
    const { groups = [] } = question as { readonly groups?: readonly string[] }
    const offsets = (given.committed ?? []).filter(({ group }) => groups.includes(group))
    return { offsets } as Asked[typeof what]['answer']
  }
  const worker = restWorker({
    plugins,
    ask: { source: unused, sink: ask },
    ...(given.stores && { stores: given.stores }),
  })
  const self = {
    ...worker,
    /** questions that change something */
    changed,
    onSleep: async (): Promise<void> => undefined,
    async message(method: string, path: string, body?: object | string) {
      const { status, json } = await worker.send(method, path, body)
      // Each answer of these requests has one.
      return [status, (json as { readonly message: string }).message] as const
    },
    stoppedSource: (name: string) =>
      worker.send('POST', '/connectors', { name, config: FILE_SOURCE, initial_state: 'STOPPED' }),
    stoppedSink: (name: string, topics: string) =>
      worker.send('POST', '/connectors', {
        name,
        config: { 'connector.class': 'FileStreamSink', file: '/out', topics },
        initial_state: 'STOPPED',
      }),
    async leased(connector: string): Promise<Lease> {
      const answer = await worker.stores.leases.take({
        connector,
        task: 0,
        owner: 'w',
        invocation: 'i',
        generation: 1,
        ttlMs: 15_000,
        invocationEndsAt: 0,
      })
      if ('taken' in answer) return answer.taken
      throw new Error('the lease is another’s')
    },
  }
  const { clock } = worker.api.ports
  Object.assign(worker.api.ports, {
    clock: { ...clock, sleep: () => self.onSleep() },
  })
  return self
}
