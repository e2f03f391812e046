import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { GetAliasCommand, ListAliasesCommand } from '@aws-sdk/client-lambda'
import { addresses } from '../../infra/stack/addresses.ts'
import { lambdaAliases } from '../../lib/cloud/lambda-aliases.ts'
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import { aliasOf } from '../../lib/cloud/names.ts'
import { ConfigError, ConnectError, NotFoundError, RetriableError } from '../../lib/errors.ts'
import { deployed, lambdaAt } from './emulator.ts'
import { mappingService } from './mapping-service.ts'

let sink: Awaited<ReturnType<typeof deployed>>
before(async () => {
  sink = await deployed(lambdaAt(), 'exports.handler = async () => {}')
})
after(() => sink[Symbol.asyncDispose]())

/** Mappings over a sink function that really exists; its aliases are the emulator's, its mappings the mapping service's. */
async function scene() {
  const service = await mappingService(addresses().aws.endpoint)
  const client = lambdaAt(service.endpoint)
  return {
    service,
    client,
    mappings: lambdaMappings(client, {
      sinkArn: sink.arn,
      cluster: { bootstrapServers: ['b-1:9092'] },
      access: [],
    }),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}
const orders = { connector: 'Bücher', topic: 'orders', group: 'connect-buecher', enabled: true }

test('a mapping is made once, with an alias of its connector whose name is found again from the invoked ARN', async () => {
  await using on = await scene()

  await on.mappings.ensure(orders)
  on.service.settle()
  await on.mappings.ensure(orders)

  assert.deepEqual(await on.mappings.list('Bücher'), [orders])
  assert.deepEqual(await on.mappings.list('Other'), [])
  const alias = await on.client.send(
    new GetAliasCommand({ FunctionName: sink.name, Name: aliasOf('Bücher') }),
  )
  assert.equal(alias.FunctionVersion, '$LATEST')
  assert.equal(
    await lambdaAliases(on.client, { sinkArn: sink.arn }).connectorOf(
      `${sink.arn}:${aliasOf('Bücher')}`,
    ),
    'Bücher',
  )
})

test('the connector of an alias is asked for once, however many batches come', async () => {
  await using on = await scene()
  await on.mappings.ensure(orders)
  const aliases = lambdaAliases(on.client, { sinkArn: sink.arn })
  on.service.requests.length = 0

  for (let batch = 0; batch < 3; batch++)
    await aliases.connectorOf(`${sink.arn}:${aliasOf('Bücher')}`)

  assert.deepEqual(on.service.requests.length, 1)
})

test('an ARN without an alias, or with one that no connector was given, is of no connector', async () => {
  await using on = await scene()
  const aliases = lambdaAliases(on.client, { sinkArn: sink.arn })

  await assert.rejects(aliases.connectorOf(sink.arn), NotFoundError)
  await assert.rejects(aliases.connectorOf(`${sink.arn}:none`), NotFoundError)
})

test('a mapping is disabled and enabled, not made anew', async () => {
  await using on = await scene()
  await on.mappings.ensure(orders)
  on.service.settle()

  await on.mappings.ensure({ ...orders, enabled: false })
  const disabling = await on.mappings.list('Bücher')
  on.service.settle()
  const disabled = await on.mappings.list('Bücher')
  await on.mappings.ensure(orders)
  on.service.settle()

  assert.deepEqual(disabling, [{ ...orders, enabled: false, waiting: 'Disabling' }])
  assert.deepEqual(disabled, [{ ...orders, enabled: false }])
  assert.deepEqual(await on.mappings.list('Bücher'), [orders])
  assert.equal(
    on.service.requests.filter((one) => one.startsWith('POST /2015-03-31/event-source')).length,
    1,
  )
})

test('one that is in transition cannot be changed now: try again', async () => {
  await using on = await scene()
  await on.mappings.ensure(orders)

  await assert.rejects(on.mappings.ensure({ ...orders, enabled: false }), RetriableError)
})

test('topics of a connector have a mapping each; its alias goes with the last one', async () => {
  await using on = await scene()
  const topics = ['a', 'b', 'c'].map((topic) => ({
    ...orders,
    connector: 'three',
    topic,
    group: `connect-buecher-${topic}`,
  }))
  for (const mapping of topics) await on.mappings.ensure(mapping)
  on.service.settle()
  const aliasIsThere = async () =>
    (await on.client.send(new ListAliasesCommand({ FunctionName: sink.name }))).Aliases?.some(
      ({ Name }) => Name === aliasOf('three'),
    )

  assert.deepEqual(await on.mappings.list('three'), topics)
  await on.mappings.remove('three', 'b')
  assert.deepEqual(await on.mappings.list('three'), [topics[0], topics[2]])
  await on.mappings.remove('three', 'a')
  assert.equal(await aliasIsThere(), true)
  await on.mappings.remove('three', 'c')
  await on.mappings.remove('three', 'c')
  assert.equal(await aliasIsThere(), false)
  assert.deepEqual(await on.mappings.list('three'), [])
})

test('one that is still being removed is made anew only when it is gone', async () => {
  await using on = await scene()
  await on.mappings.ensure(orders)
  on.service.settle()
  await on.mappings.remove('Bücher', 'orders')

  await assert.rejects(on.mappings.ensure(orders), RetriableError)
  on.service.settle()
  await on.mappings.ensure(orders)

  assert.deepEqual(await on.mappings.list('Bücher'), [{ ...orders, waiting: 'Creating' }])
})

test('another group makes another mapping of the same topic', async () => {
  await using on = await scene()
  await on.mappings.ensure(orders)
  on.service.settle()

  await on.mappings.ensure({ ...orders, group: 'connect-buecher-orders' })
  on.service.settle()

  assert.deepEqual(await on.mappings.list('Bücher'), [
    { ...orders, group: 'connect-buecher-orders' },
  ])
})

test('a group that another mapping of the account has is a failure that names it', async () => {
  await using on = await scene()
  await on.mappings.ensure({ ...orders, connector: 'other' })

  await assert.rejects(on.mappings.ensure(orders), (error: Error) => {
    assert.equal(error.constructor, ConnectError)
    return error.message.includes('connect-buecher')
  })
})

test('a name that no alias can tell is refused before anything is made', async () => {
  await using on = await scene()

  await assert.rejects(on.mappings.ensure({ ...orders, connector: 'x'.repeat(257) }), ConfigError)
})
