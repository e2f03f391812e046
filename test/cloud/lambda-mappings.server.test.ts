import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  DeleteAliasCommand,
  GetAliasCommand,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { lambdaAliases } from '../../lib/cloud/lambda-aliases.ts'
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import type { MappingSettings } from '../../lib/cloud/mapping-request.ts'
import { aliasOf } from '../../lib/cloud/names.ts'
import { ConfigError, ConnectError, NotFoundError, RetriableError } from '../../lib/errors.ts'
import { newTopic } from '../kafka/kafka-fixture.ts'
import { until } from '../local/polling.ts'
import { deployed, lambdaAt } from './emulator.ts'
import { commandsOf, frontOfStack } from './mapping-front.ts'

const topic = await newTopic()
after(() => topic[Symbol.asyncDispose]())
let sink: Awaited<ReturnType<typeof deployed>>
before(async () => {
  sink = await deployed(lambdaAt(), 'exports.handler = async () => {}')
})
after(() => sink[Symbol.asyncDispose]())

const settings = (sinkArn: string): MappingSettings => ({
  sinkArn,
  cluster: { bootstrapServers: ['b-1:9092'] },
  access: [],
})

/** Mappings over a sink function that really exists; its aliases are the emulator's, its mappings the front's. */
async function scene(delaysMs: Parameters<typeof frontOfStack>[0] = 0) {
  const front = await frontOfStack(delaysMs)
  const client = lambdaAt(front.url)
  const sent = commandsOf(client)
  const mappings = lambdaMappings(client, settings(sink.arn))
  return {
    url: front.url,
    client,
    sent,
    mappings,
    /** Until none of a connector's mappings passes from one state to another. */
    settled: (connector: string) =>
      until(async () => {
        const waiting = (await mappings.list(connector)).map((one) => one.waiting ?? '')
        return !waiting.some((text) => /^(Creat|Enabl|Disabl|Updat)ing/.test(text))
      }),
    /** Until all that were removed are gone. */
    gone: () =>
      until(async () => {
        const { EventSourceMappings } = await client.send(new ListEventSourceMappingsCommand({}))
        return EventSourceMappings?.every(({ State }) => State !== 'Deleting') === true
      }),
    async [Symbol.asyncDispose]() {
      const { EventSourceMappings = [] } = await client.send(new ListEventSourceMappingsCommand({}))
      for (const { FunctionArn = '' } of EventSourceMappings)
        await client
          .send(
            new DeleteAliasCommand({ FunctionName: sink.name, Name: FunctionArn.split(':')[7] }),
          )
          .catch(() => undefined)
      client.destroy()
      await front.close()
    },
  }
}
const orders = { connector: 'Bücher', topic: topic.name, group: 'connect-buecher', enabled: true }

test('a mapping is made once, with an alias of its connector whose name is found again from the invoked ARN', async () => {
  await using on = await scene()

  await on.mappings.ensure(orders)
  await on.settled('Bücher')
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
  on.sent.length = 0

  for (let batch = 0; batch < 3; batch++)
    await aliases.connectorOf(`${sink.arn}:${aliasOf('Bücher')}`)

  assert.deepEqual(on.sent, ['GetAliasCommand'])
})

test('answers are read where every mapping has partial answers and provisioned pollers, and none is in transition', async () => {
  await using on = await scene({ Creating: 0, Updating: 500 })
  const own = {
    ...settings(sink.arn),
    pollers: { MinimumPollers: 1 },
    partialAnswers: true as const,
  }
  const arn = `${sink.arn}:${aliasOf('Bücher')}`
  const aliases = lambdaAliases(on.client, { sinkArn: sink.arn })
  await lambdaMappings(on.client, own).ensure(orders)
  await on.settled('Bücher')

  assert.equal(await aliases.readsAnswers?.(arn), true)
  const [found] =
    (await on.client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? []
  await on.client.send(
    new UpdateEventSourceMappingCommand({ UUID: found?.UUID, ProvisionedPollerConfig: {} }),
  )
  assert.equal(await aliases.readsAnswers?.(arn), false)
  await on.settled('Bücher')
  assert.equal(await aliases.readsAnswers?.(arn), false)
})

test('an ARN without an alias, or with one that no connector was given, is of no connector', async () => {
  await using on = await scene()
  const aliases = lambdaAliases(on.client, { sinkArn: sink.arn })

  await assert.rejects(aliases.connectorOf(sink.arn), NotFoundError)
  await assert.rejects(aliases.connectorOf(`${sink.arn}:none`), NotFoundError)
})

test('a mapping is disabled and enabled, not made anew', async () => {
  await using on = await scene({ Creating: 0, Disabling: 500, Enabling: 0 })
  await on.mappings.ensure(orders)
  await on.settled('Bücher')

  await on.mappings.ensure({ ...orders, enabled: false })
  const disabling = await on.mappings.list('Bücher')
  await on.settled('Bücher')
  const disabled = await on.mappings.list('Bücher')
  await on.mappings.ensure(orders)
  await on.settled('Bücher')

  assert.deepEqual(disabling, [{ ...orders, enabled: false, waiting: 'Disabling' }])
  assert.deepEqual(disabled, [{ ...orders, enabled: false }])
  assert.deepEqual(await on.mappings.list('Bücher'), [orders])
  assert.equal(on.sent.filter((one) => one === 'CreateEventSourceMappingCommand').length, 1)
})

test('what a deployment has changed of the delivery comes to a mapping when it is disabled or enabled', async () => {
  await using on = await scene()
  const own: MappingSettings = {
    ...settings(sink.arn),
    batchSize: 7,
    pollers: { MinimumPollers: 1 },
    partialAnswers: true,
    metrics: ['EventCount'],
  }
  const found = async () =>
    (await on.client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings?.[0]
  await on.mappings.ensure(orders)
  await on.settled('Bücher')

  await lambdaMappings(on.client, own).ensure({ ...orders, enabled: false })
  await on.settled('Bücher')
  const changed = await found()
  await on.mappings.ensure(orders)
  await on.settled('Bücher')
  const back = await found()

  assert.deepEqual(
    [changed?.BatchSize, changed?.ProvisionedPollerConfig, changed?.FunctionResponseTypes],
    [7, { MinimumPollers: 1 }, ['ReportBatchItemFailures']],
  )
  assert.deepEqual(changed?.MetricsConfig, { Metrics: ['EventCount'] })
  assert.deepEqual([back?.BatchSize, back?.ProvisionedPollerConfig], [10_000, undefined])
  assert.equal(back?.FunctionResponseTypes?.length ?? 0, 0)
})

test('one that is in transition cannot be changed now: try again', async () => {
  await using on = await scene(60_000)
  await on.mappings.ensure(orders)

  await assert.rejects(on.mappings.ensure({ ...orders, enabled: false }), RetriableError)
})

test('topics of a connector have a mapping each; its alias goes with the last one', async () => {
  await using on = await scene()
  const topics = ['aa', 'bb', 'cc'].map((topic) => ({
    ...orders,
    connector: 'three',
    enabled: false,
    topic,
    group: `connect-buecher-${topic}`,
  }))
  for (const mapping of topics) await on.mappings.ensure(mapping)
  await on.settled('three')
  const aliasIsThere = async () =>
    (await on.client.send(new ListAliasesCommand({ FunctionName: sink.name }))).Aliases?.some(
      ({ Name }) => Name === aliasOf('three'),
    )

  assert.deepEqual(await on.mappings.list('three'), topics)
  await on.mappings.remove('three', 'bb')
  assert.deepEqual(await on.mappings.list('three'), [topics[0], topics[2]])
  await on.mappings.remove('three', 'aa')
  assert.equal(await aliasIsThere(), true)
  await on.mappings.remove('three', 'cc')
  await on.mappings.remove('three', 'cc')
  assert.equal(await aliasIsThere(), false)
  assert.deepEqual(await on.mappings.list('three'), [])
})

test('one that is still being removed is made anew only when it is gone', async () => {
  await using on = await scene({ Creating: 0, Deleting: 500 })
  await on.mappings.ensure(orders)
  await on.settled('Bücher')
  await on.mappings.remove('Bücher', orders.topic)

  await assert.rejects(on.mappings.ensure(orders), RetriableError)
  assert.deepEqual(await on.mappings.list('Bücher'), [])
  await on.gone()
  await on.mappings.ensure(orders)
  await on.settled('Bücher')

  assert.deepEqual(await on.mappings.list('Bücher'), [orders])
})

test('another group makes another mapping of the same topic, once the one before is gone', async () => {
  await using on = await scene({ Creating: 0, Deleting: 500 })
  const other = { ...orders, group: 'connect-buecher-orders' }
  await on.mappings.ensure(orders)
  await on.settled('Bücher')

  await assert.rejects(on.mappings.ensure(other), RetriableError)
  await on.gone()
  await on.mappings.ensure(other)
  await on.settled('Bücher')

  assert.deepEqual(await on.mappings.list('Bücher'), [other])
})

test('a group of a connector that is being removed is worth another try', async () => {
  await using on = await scene({ Creating: 0, Deleting: 500 })
  await on.mappings.ensure({ ...orders, connector: 'before' })
  await on.settled('before')
  await on.mappings.remove('before', orders.topic)

  await assert.rejects(on.mappings.ensure(orders), RetriableError)
  await on.gone()
  await on.mappings.ensure(orders)
})

test('calls beyond what AWS allows in a second are worth another try', async () => {
  await using on = await scene()
  const eager = lambdaAt(on.url, 1)
  const mappings = lambdaMappings(eager, settings(sink.arn))

  const all = await Promise.allSettled(Array.from({ length: 40 }, () => mappings.list('Bücher')))

  const reasons = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  assert.ok(reasons.length > 0)
  assert.ok(reasons.every((reason) => reason instanceof RetriableError))
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
