import { systemClock } from '../lib/monitoring/system-clock.ts'
import type { Groups, Log, Ports, Producers, Topics } from '../lib/ports.ts'
import { storesOver } from '../lib/store/stores.ts'
import { type Deployment, deploymentOf } from './deployment.ts'
import { once, onFirstUse } from './on-first-use.ts'

/** The ports of this container, made by its first request. This is the one place that reads the environment. */
export const wire = once(async () => portsOf(deploymentOf(process.env)))

async function portsOf(deployment: Deployment): Promise<Ports> {
  const { log, metrics } = await monitoring()
  return {
    worker: deployment.worker,
    ...storesOver(rowsOf(deployment), systemClock),
    ...kafkaPorts(deployment, log),
    ...cloudPorts(deployment),
    configProviders: {},
    clock: systemClock,
    log,
    metrics,
  }
}

const rowsOf = ({ table }: Deployment) =>
  onFirstUse(async () => {
    const { dynamodbClient } = await import('../lib/store/dynamodb-client.ts')
    const { dynamodbRows } = await import('../lib/store/dynamodb-rows.ts')
    return dynamodbRows(dynamodbClient(), table)
  })

function kafkaPorts({ properties }: Deployment, log: Log) {
  const settings = once(async () =>
    (await import('../lib/kafka/client.ts')).kafkaSettings(properties),
  )
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
    aliases: onFirstUse(async () => {
      const { lambdaAliases } = await import('../lib/cloud/lambda-aliases.ts')
      return lambdaAliases(await client())
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

async function monitoring() {
  const { emfMetrics } = await import('../lib/monitoring/emf-metrics.ts')
  const { powertoolsLog } = await import('../lib/monitoring/powertools-log.ts')
  return { log: powertoolsLog('connectless'), metrics: emfMetrics('Connectless') }
}
