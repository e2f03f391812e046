import { LOGGERS, named } from '../lib/config/loggers.ts'
import { type LevelsInForce, levelsInForce } from '../lib/monitoring/levelled-log.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'
import { watchLevels } from '../lib/monitoring/watch-levels.ts'
import type { Groups, Log, Ports, Producers, Topics } from '../lib/ports.ts'
import { runningConfig } from '../lib/runtime/resolve-config.ts'
import { concealment } from '../lib/secrets/concealment.ts'
import { storesOver } from '../lib/store/stores.ts'
import { type Deployment, deploymentOf } from './deployment.ts'
import { once, onFirstUse } from './on-first-use.ts'

/** The ports of this container, made by its first request. This is the one place that reads the environment. */
export const wire = once(async () => portsOf(deploymentOf(process.env)))

async function portsOf(deployment: Deployment): Promise<Ports> {
  const levels = levelsInForce()
  const { log: openLog, metrics } = await monitoring(levels)
  const concealed = concealment()
  const log = concealed.log(openLog)
  const configProviders = concealed.providers(await providersOf(deployment, log))
  const places = { log, configProviders }
  const stores = storesOver(rowsOf(deployment), systemClock)
  const watched = { levels, rows: stores.logLevels, worker: undefined, maxAgeMs: LOOK_MS }
  return {
    worker: deployment.worker,
    ...stores,
    statuses: concealed.statuses(stores.statuses),
    ...kafkaPorts(deployment, places),
    ...cloudPorts(deployment),
    ...places,
    conceal: concealed.text,
    clock: systemClock,
    watchLevels: watchLevels({ ...watched, clock: systemClock, log }),
    metrics,
  }
}

/** A level that was set is in force within half a minute: thousands of functions read the same rows. */
const LOOK_MS = 30_000

const rowsOf = ({ table }: Deployment) =>
  onFirstUse(async () => {
    const { dynamodbClient } = await import('../lib/store/dynamodb-client.ts')
    const { dynamodbRows } = await import('../lib/store/dynamodb-rows.ts')
    return dynamodbRows(dynamodbClient(), table)
  })

async function providersOf({ properties }: Deployment, log: Log) {
  const { configProviders } = await import('../lib/secrets/config-providers.ts')
  const surroundings = { environment: process.env, clock: systemClock, log }
  return configProviders(properties.configProviders, surroundings)
}

type Places = Pick<Ports, 'configProviders' | 'log'>

function kafkaPorts({ properties }: Deployment, places: Places) {
  const log = named(places.log, LOGGERS.kafka)
  // Source and sink call Kafka, and they alone may read secrets.
  const settings = once(async () => {
    const { kafkaSettings } = await import('../lib/kafka/client.ts')
    const client = await runningConfig(properties.client, places)
    return kafkaSettings({ ...properties, client })
  })
  return {
    producers: onFirstUse<Producers>(async () => {
      const { kafkaProducers } = await import('../lib/kafka/producers.ts')
      return kafkaProducers(await settings(), log)
    }),
    topics: onFirstUse<Topics>(async () => {
      const { kafkaTopics } = await import('../lib/kafka/topics.ts')
      return kafkaTopics(await settings(), log)
    }),
    groups: onFirstUse<Groups>(async () => {
      const { kafkaGroups } = await import('../lib/kafka/groups.ts')
      return kafkaGroups(await settings(), log)
    }),
  }
}

function cloudPorts({ functions, schedules, mappings }: Deployment) {
  const client = once(async () => (await import('../lib/cloud/lambda-client.ts')).lambdaClient())
  return {
    invoker: onFirstUse(async () => {
      const { lambdaInvoker } = await import('../lib/cloud/lambda-invoker.ts')
      return lambdaInvoker(await client(), functions)
    }),
    ask: onFirstUse(async () => {
      const { askingClient } = await import('../lib/cloud/lambda-client.ts')
      const { lambdaAsk } = await import('../lib/cloud/lambda-ask.ts')
      return lambdaAsk(askingClient(), functions)
    }),
    aliases: onFirstUse(async () => {
      const { lambdaAliases } = await import('../lib/cloud/lambda-aliases.ts')
      return lambdaAliases(await client(), mappings)
    }),
    mappings: onFirstUse(async () => {
      const { lambdaMappings } = await import('../lib/cloud/lambda-mappings.ts')
      return lambdaMappings(await client(), mappings)
    }),
    schedules: onFirstUse(async () => {
      const { schedulerClient } = await import('../lib/cloud/scheduler-client.ts')
      const { schedulerSchedules } = await import('../lib/cloud/scheduler-schedules.ts')
      return schedulerSchedules(schedulerClient(), schedules)
    }),
  }
}

async function monitoring(levels: LevelsInForce) {
  const { emfMetrics } = await import('../lib/monitoring/emf-metrics.ts')
  const { powertoolsLog } = await import('../lib/monitoring/powertools-log.ts')
  return { log: powertoolsLog('connectless', levels), metrics: emfMetrics('Connectless') }
}
