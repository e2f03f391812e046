/** The cloud's ports as functions/wire.ts makes them, over a simulated AWS; and the connectors of tests that run no task. */
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import { type Lane, paceOf } from '../../lib/cloud/pace.ts'
import { paced } from '../../lib/cloud/paced.ts'
import { remainingMappings } from '../../lib/cloud/remaining-mappings.ts'
import { remainingSchedules } from '../../lib/cloud/remaining-schedules.ts'
import { schedulerSchedules } from '../../lib/cloud/scheduler-schedules.ts'
import { hourlyAudit } from '../../lib/coordinator/hourly-audit.ts'
import { sinkConnector, sourceConnector } from '../../lib/plugin.ts'
import type { Clock } from '../../lib/ports.ts'
import { pluginsOf } from '../../lib/registry.ts'
import type { SimulatedAws } from './simulated-aws.ts'

export function cloudPorts(
  aws: SimulatedAws,
  clock: Clock,
  given: {
    readonly around?: Parameters<SimulatedAws['clients']>[0]
    readonly random: () => number
  },
) {
  const [lambda, scheduler] = [paceOf(10, clock), paceOf(25, clock)]
  const clientsIn = (lane: Lane) => {
    const clients = aws.clients(given.around)
    const queue = { lane, clock, random: given.random }
    return {
      lambda: paced(clients.lambda, { ...queue, pace: lambda }),
      scheduler: paced(clients.scheduler, { ...queue, pace: scheduler }),
    }
  }
  const madeIn = (lane: Lane) => {
    const clients = clientsIn(lane)
    return {
      mappings: lambdaMappings(clients.lambda, aws.mappingSettings),
      schedules: schedulerSchedules(clients.scheduler, aws.scheduleSettings),
    }
  }
  const last = clientsIn('unhurried')
  return {
    ...madeIn('urgent'),
    unhurried: madeIn('unhurried'),
    remains: {
      schedules: remainingSchedules(last.scheduler, aws.scheduleSettings),
      mappings: remainingMappings(last.lambda, aws.mappingSettings.sinkArn),
    },
    audit: hourlyAudit(clock),
  }
}

const never = async (): Promise<never> => {
  throw new Error('no task runs here')
}

export const idlePlugins = pluginsOf([
  sourceConnector({
    name: 'test.Source',
    taskClass: 'test.SourceTask',
    version: '1',
    doc: 'A task a table.',
    config: { tables: { type: 'list', importance: 'high', doc: 'Tables.' } },
    taskConfigs: ({ tables }, maxTasks, raw) =>
      tables.slice(0, maxTasks).map((table) => ({ ...raw, tables: table })),
    startTask: never,
  }),
  sinkConnector({
    name: 'test.Sink',
    taskClass: 'test.SinkTask',
    version: '1',
    doc: 'Takes all.',
    config: {},
    startTask: never,
  }),
])

/** mulberry32: the same numbers from the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
