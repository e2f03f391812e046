/** The life of a connector by npm's kafka-connect-client; prints what it saw as JSON. Arguments: its folder, url, connector, topic, file. */
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const [folder, url, name, topic, file] = process.argv.slice(2)
const { KafkaConnectClient } = createRequire(`${folder}/`)('kafka-connect-client')
const { hostname: host, port } = new URL(url)
const connect = new KafkaConnectClient({ host, port })
const connector = connect.connector(name)
const plugin = 'org.apache.kafka.connect.file.FileStreamSourceConnector'
const config = { 'connector.class': plugin, 'tasks.max': '1', file, topic }

async function states() {
  // Right after its creation a connector has no status, in Kafka Connect neither.
  const { data, status } = await connector.getStatus().catch(({ response }) => response)
  return status === 200 ? [data.connector.state, ...data.tasks.map(({ state }) => state)] : []
}

async function until(...wanted) {
  const deadline = performance.now() + 20_000
  for (;;) {
    const seen = await states()
    if (String(seen) === String(wanted)) return seen
    if (performance.now() > deadline) throw new Error(`${name} is ${seen}, not ${wanted}`)
    await sleep(100)
  }
}

async function refusal(call) {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  )
  if (!error?.response) throw new Error('it was not refused', { cause: error })
  return [error.response.status, error.response.data.message]
}

const seen = {}
seen.version = (await connect.getCluster()).data.version
seen.plugin = (await connect.getConnectorPlugins()).data.find((one) => one.class === plugin)
const validation = await connect.validateConnectorConfig(plugin, {
  'connector.class': plugin,
  name,
  file,
})
seen.invalid = Object.fromEntries(
  validation.data.configs
    .filter(({ value }) => value.errors.length > 0)
    .map(({ value }) => [value.name, value.errors]),
)
const { topic: _, ...withoutTopic } = config
seen.refused = await refusal(connect.createConnector(name, withoutTopic))
seen.unknown = await refusal(connector.get())
const created = (await connect.createConnector(name, config)).data
seen.created = [created.name, created.type, created.tasks.length]
seen.running = await until('RUNNING', 'RUNNING')
seen.taken = await refusal(connect.createConnector(name, config))
seen.listed = [
  (await connect.getConnectors()).data,
  Object.keys((await connect.getConnectors({ expand: 'info' })).data[name]),
]
seen.tasks = (await connector.getTasks()).data.map(({ id, config: own }) => [
  id.connector,
  id.task,
  own.topic,
])
const task = (await connector.getTaskStatus(0)).data
seen.task = [task.id, task.state]
const updated = (await connector.updateConfig({ ...config, 'batch.size': '7' })).data
seen.updated = [updated.config['batch.size'], (await connector.getConfig()).data['batch.size']]
seen.rerun = await until('RUNNING', 'RUNNING')
// It sends the options as the body, which Kafka Connect does not read: so this is the plain restart, without a plan.
seen.restarted = (await connector.restart({ includeTasks: true })).status
await connector.restartTask(0)
seen['restarted for real'] = await until('RUNNING', 'RUNNING')
await connector.pause()
seen.paused = await until('PAUSED', 'PAUSED')
await connector.resume()
seen.resumed = await until('RUNNING', 'RUNNING')
await connector.stop()
seen.stopped = await until('STOPPED')
seen.offsets = (await connector.getOffsets()).data
await connector.resume()
seen['resumed after a stop'] = await until('RUNNING', 'RUNNING')
await connector.delete()
seen.deleted = (await connect.getConnectors()).data
process.stdout.write(`${JSON.stringify(seen)}\n`)
