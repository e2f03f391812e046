import { localAliases, sinkArnOf } from '../../lib/local/aliases.ts'
import { type Functions, localTriggers } from '../../lib/local/triggers.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'
import { aliasesContract } from './aliases.ts'
import { type Invoked, invokerContract } from './invoker.ts'
import { schedulesContract } from './schedules.ts'

const nothing = async () => undefined

function triggersOver(functions: Functions) {
  const fairShare = {
    beat: async () => ({ processes: 1, rank: 0 }),
    makeWay: async <T>(scheduled: T) => scheduled,
    leave: nothing,
  }
  const settings = {
    scheduleMs: 1,
    coordinatorMs: 1,
    watchLevels: nothing,
    leftovers: async () => [],
  }
  const silent = () => undefined
  const log = { info: silent, warn: silent, error: silent }
  return localTriggers(() => functions, { ...settings, fairShare }, tickingClock(), log)
}

schedulesContract(
  'local',
  triggersOver({ source: nothing, sink: nothing, coordinator: nothing }).schedules,
)

aliasesContract('local', localAliases, async (connector) => sinkArnOf(connector))

invokerContract('local', async (): Promise<Invoked & AsyncDisposable> => {
  const all: string[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const gate = Promise.withResolvers<void>()
  const run = (name: string) => async (event: object) => {
    all.push(`${name} ${JSON.stringify(event)}`)
    for (const { count, resolve } of waiting) if (all.length >= count) resolve()
    await gate.promise
    if ('connector' in event && event.connector === 'failing') throw new Error('out of memory')
  }
  const functions = { source: run('source'), sink: run('sink'), coordinator: run('coordinator') }
  const triggers = triggersOver(functions)
  return {
    invoker: triggers.invoker,
    async calls(count) {
      const arrived = Promise.withResolvers<void>()
      if (all.length >= count) arrived.resolve()
      waiting.push({ count, resolve: arrived.resolve })
      await arrived.promise
      return all.slice(0, count)
    },
    letGo: gate.resolve,
    [Symbol.asyncDispose]: () => triggers.close(),
  }
})
