import type { Lane } from '../lib/cloud/pace.ts'
import type { StackRequest } from '../lib/cloud/stack-request.ts'
import { splitList } from '../lib/config/config-def.ts'
import { LOGGERS, named } from '../lib/config/loggers.ts'
import { hourlyAudit } from '../lib/coordinator/hourly-audit.ts'
import { type LevelsInForce, levelsInForce } from '../lib/monitoring/levelled-log.ts'
import { systemClock } from '../lib/monitoring/system-clock.ts'
import { watchLevels } from '../lib/monitoring/watch-levels.ts'
import { withPluginPath } from '../lib/plugin-path/index.ts'
import type { Groups, Leftovers, Log, Ports, Producers, Remains, Topics } from '../lib/ports.ts'
import { plugins as deployed } from '../lib/registry.ts'
import { runningConfig } from '../lib/runtime/resolve-config.ts'
import { concealment } from '../lib/secrets/concealment.ts'
import { storesOver } from '../lib/store/stores.ts'
import { type Deployment, deploymentOf, sinkFunctionOf } from './deployment.ts'
import { once, onFirstUse } from './on-first-use.ts'

/** What is deployed, and what a layer brings: `CONNECT_PLUGIN_PATH`. */
const extended = withPluginPath(deployed, splitList(process.env.CONNECT_PLUGIN_PATH ?? ''))
export const { plugins } = extended

/** The ports of this container, made by its first request. This file alone reads the environment. */
export const wire = once(async () => portsOf(deploymentOf(process.env)))

/** For the stack's own events: it can be removed too when functions do not start with its parameters. */
export function wireStack() {
  const { SINK_FUNCTION_ARN: sink = '', COORDINATOR_FUNCTION_ARN: coordinator = '' } = process.env
  const client = once(async () => (await import('../lib/cloud/lambda-client.ts')).lambdaClient())
  return {
    check: () => void deploymentOf(process.env),
    clock: systemClock,
    leftovers: onFirstUse<Leftovers>(async () => {
      const { mappingLeftovers } = await import('../lib/cloud/leftovers.ts')
      return mappingLeftovers(await client(), sinkFunctionOf(sink).sinkArn)
    }),
    async goOn(request: StackRequest) {
      const { lambdaInvoker } = await import('../lib/cloud/lambda-invoker.ts')
      await lambdaInvoker(await client(), { source: '', sink, coordinator }).coordinator(request)
    },
  }
}

async function portsOf(deployment: Deployment): Promise<Ports> {
  const levels = levelsInForce()
  const { log: openLog, metrics } = await monitoring(deployment, levels)
  const concealed = concealment()
  const log = concealed.log(openLog)
  for (const { message } of extended.faults) log.error(message)
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
    ...dashboardPort(deployment),
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

function kafkaPorts({ properties, kafkaLogin }: Deployment, places: Places) {
  const log = named(places.log, LOGGERS.kafka)
  // Source and sink call Kafka, and they alone may read secrets.
  const settings = once(async () => {
    const { kafkaSettings } = await import('../lib/kafka/client.ts')
    const { loginProperties } = await import('../lib/kafka/login.ts')
    const { secretsmanager } = places.configProviders
    const client = {
      ...(secretsmanager && (await loginProperties(kafkaLogin, secretsmanager))),
      ...(await runningConfig(properties.client, places)),
    }
    return kafkaSettings({ ...properties, client, region: process.env.AWS_REGION })
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

function cloudPorts(deployment: Deployment) {
  const { functions } = deployment
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
    ...controlPorts(deployment),
    audit: hourlyAudit(systemClock),
  }
}

/** What is made in AWS. All calls for it wait in one queue a service. */
function controlPorts({ schedules, mappings, callsPerSecond }: Deployment) {
  const clock = systemClock
  const paces = once(async () => {
    const { paceOf } = await import('../lib/cloud/pace.ts')
    const { lambda, scheduler } = callsPerSecond
    return { lambda: paceOf(lambda, clock), scheduler: paceOf(scheduler, clock) }
  })
  const lambdaIn = async (lane: Lane) => {
    const { controlClient } = await import('../lib/cloud/lambda-client.ts')
    const { paced } = await import('../lib/cloud/paced.ts')
    return paced(controlClient(), { pace: (await paces()).lambda, lane, clock })
  }
  const schedulerIn = async (lane: Lane) => {
    const { schedulerClient } = await import('../lib/cloud/scheduler-client.ts')
    const { paced } = await import('../lib/cloud/paced.ts')
    return paced(schedulerClient(), { pace: (await paces()).scheduler, lane, clock })
  }
  const madeIn = (lane: Lane) => ({
    mappings: onFirstUse(async () => {
      const { lambdaMappings } = await import('../lib/cloud/lambda-mappings.ts')
      return lambdaMappings(await lambdaIn(lane), mappings)
    }),
    schedules: onFirstUse(async () => {
      const { schedulerSchedules } = await import('../lib/cloud/scheduler-schedules.ts')
      return schedulerSchedules(await schedulerIn(lane), schedules)
    }),
  })
  const aliases = onFirstUse(async () => {
    const { lambdaAliases } = await import('../lib/cloud/lambda-aliases.ts')
    return lambdaAliases(await lambdaIn('unhurried'), mappings)
  })
  const remains: Remains = {
    async schedules(known) {
      const { remainingSchedules } = await import('../lib/cloud/remaining-schedules.ts')
      return remainingSchedules(await schedulerIn('unhurried'), schedules)(known)
    },
    async mappings(known) {
      const { remainingMappings } = await import('../lib/cloud/remaining-mappings.ts')
      return remainingMappings(await lambdaIn('unhurried'), mappings.sinkArn)(known)
    },
  }
  return { ...madeIn('urgent'), aliases, unhurried: madeIn('unhurried'), remains }
}

function dashboardPort({ dashboard, metrics }: Deployment): Pick<Ports, 'dashboards'> {
  if (!dashboard) return {}
  const dashboards = onFirstUse(async () => {
    const { cloudwatchClient } = await import('../lib/cloud/cloudwatch-client.ts')
    const { cloudwatchDashboards } = await import('../lib/cloud/cloudwatch-dashboards.ts')
    return cloudwatchDashboards(cloudwatchClient(), { ...dashboard, ...metrics })
  })
  return { dashboards }
}

async function monitoring({ metrics }: Deployment, levels: LevelsInForce) {
  const { emfMetrics } = await import('../lib/monitoring/emf-metrics.ts')
  const { powertoolsLog } = await import('../lib/monitoring/powertools-log.ts')
  return { log: powertoolsLog('connectless', levels), metrics: emfMetrics(metrics) }
}
