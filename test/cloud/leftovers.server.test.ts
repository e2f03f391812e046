import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addresses } from '../../infra/stack/addresses.ts'
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import { mappingLeftovers } from '../../lib/cloud/leftovers.ts'
import { deployed, lambdaAt } from './emulator.ts'
import { mappingService } from './mapping-service.ts'

const always = () => true

let sink: Awaited<ReturnType<typeof deployed>>
let other: Awaited<ReturnType<typeof deployed>>
before(async () => {
  sink = await deployed(lambdaAt(), 'exports.handler = async () => {}')
  other = await deployed(lambdaAt(), 'exports.handler = async () => {}')
})
after(() => Promise.all([sink[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]))

/** Three connectors with a mapping each, and one of another stage's. */
async function scene() {
  const service = await mappingService(addresses().aws.endpoint)
  const client = lambdaAt(service.endpoint)
  const of = (sinkArn: string) =>
    lambdaMappings(client, { sinkArn, cluster: { bootstrapServers: ['b-1:9092'] }, access: [] })
  for (const connector of ['a', 'b', 'c'])
    await of(sink.arn).ensure({ connector, topic: 't', group: `g-${connector}`, enabled: true })
  await of(other.arn).ensure({ connector: 'a', topic: 't', group: 'g-other', enabled: true })
  return { service, others: of(other.arn), leftovers: mappingLeftovers(client, sink.arn) }
}

test('mappings of all aliases are removed, however long they take, and nobody else’s', async (t) => {
  const { service, others, leftovers } = await scene()
  t.after(() => service[Symbol.asyncDispose]())

  // They are being made still, so that Lambda refuses.
  assert.equal(await leftovers.clear(always), 3)
  service.settle()
  assert.equal(await leftovers.clear(always), 3)
  // They are being removed: nothing is asked twice.
  service.requests.length = 0
  assert.equal(await leftovers.clear(always), 3)
  assert.ok(service.requests.every((request) => request.startsWith('GET')))
  service.settle()
  assert.equal(await leftovers.clear(always), 0)

  assert.equal((await others.list('a')).length, 1)
})

test('without time nothing more is begun', async (t) => {
  const { service, leftovers } = await scene()
  t.after(() => service[Symbol.asyncDispose]())
  service.settle()
  service.requests.length = 0

  assert.equal(await leftovers.clear(() => false), 3)

  assert.ok(service.requests.every((request) => request.startsWith('GET')))
})
