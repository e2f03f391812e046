/** Lambda freezes a container between invocations, for minutes; meanwhile servers and routers forget its connections. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { addresses } from '../../infra/stack/addresses.ts'
import { type TcpProxy, tcpProxy } from '../../infra/tcp-proxy.ts'
import { aliasOf } from '../../lib/cloud/names.ts'
import { type FrameProxy, frameProxy } from '../kafka/frame-proxy.ts'
import { broker } from '../kafka/kafka-fixture.ts'
import { rawTopic } from './raw-topic.ts'
import { type RieWorld, rieWorld } from './rie-world.ts'

let world: RieWorld
let aws: TcpProxy
let redis: TcpProxy
let kafka: FrameProxy
let cutsToCome = 0

before(async () => {
  world = await rieWorld()
  const { hostname, port } = new URL(addresses().aws.endpoint)
  aws = await tcpProxy({ host: hostname, port: Number(port) })
  redis = await tcpProxy(addresses().redis)
  kafka = await frameProxy(broker(), { request: () => cutsToCome-- > 0 })
})
after(async () => {
  await world?.remove()
  for (const proxy of [aws, redis, kafka]) await proxy?.close()
})

test('a container that was frozen while all its connections were cut works on within its next invocation', async () => {
  const table = await world.table(100)
  await world.connect(table, redis)
  const environment = {
    AWS_ENDPOINT_URL: `http://${aws.host}:${aws.port}`,
    KAFKA_BOOTSTRAP_SERVERS: kafka.address,
    CONNECT_IDLE_TIMEOUT_MS: '0',
  }
  const source = await world.deployment.start('source', { environment })
  const sink = await world.deployment.start('sink', {
    alias: aliasOf(`sink-${table}`),
    environment,
  })
  await world.runSource(source, table)
  for (const event of await world.batches(table)) await sink.invoke(event)

  for (const container of [source, sink]) process.kill(container.pid(), 'SIGSTOP')
  aws.cut()
  redis.cut()
  cutsToCome = 1
  await world.insert(table, 100)
  await sleep(2_000) // no condition: so long they know nothing
  for (const container of [source, sink]) process.kill(container.pid(), 'SIGCONT')
  await world.runSource(source, table)
  for (const event of await world.batches(table, 100)) await sink.invoke(event)

  const keys = (await world.ids(table)).map((id) => `${table}_${id}`)
  const found = await world.redis.client.mget(keys)
  assert.ok(cutsToCome <= 0)
  assert.equal(keys.length, 200)
  assert.equal((await rawTopic(table)).length, 200)
  assert.deepEqual(
    found.filter((value) => value === null),
    [],
  )
})
