import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAliasCommand,
  PublishVersionCommand,
  paginateListAliases,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { addresses } from '../../infra/stack/addresses.ts'
import { ensureAlias, lambdaAliases } from '../../lib/cloud/lambda-aliases.ts'
import { aliasOf } from '../../lib/cloud/names.ts'
import { RetriableError } from '../../lib/errors.ts'
import { disturbed, type Refusal, type Request } from './disturbed.ts'
import { deployed, lambdaAt } from './emulator.ts'

/** A sink function whose alias `live` is at version 1; `publish` makes the next one, and `goLive` moves the alias. */
async function scene() {
  const client = lambdaAt()
  const sink = await deployed(client, 'exports.handler = async () => {}')
  const FunctionName = sink.name
  let published = 0

  async function publish(): Promise<string> {
    const Description = `release ${++published}`
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }))
    const { Version = '' } = await client.send(new PublishVersionCommand({ FunctionName }))
    return Version
  }
  const goLive = (FunctionVersion: string) =>
    client.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion }))

  const first = await publish()
  await client.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: first }))

  async function versions(): Promise<Record<string, string>> {
    const all: [string, string][] = []
    for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName }))
      for (const { Name = '', FunctionVersion = '' } of Aliases) all.push([Name, FunctionVersion])
    return Object.fromEntries(all)
  }

  return {
    client,
    FunctionName,
    settings: { sinkArn: sink.arn, live: 'live' },
    first,
    publish,
    goLive,
    versions,
    make: (connector: string) =>
      ensureAlias(client, { sinkArn: sink.arn, live: 'live' }, connector),
    versionOf: async (connector: string) => (await versions())[aliasOf(connector)],
    [Symbol.asyncDispose]: () => sink[Symbol.asyncDispose](),
  }
}

const passing = async (): Promise<Refusal | undefined> => undefined
const isMove = ({ method, path }: Request, connector: string) =>
  method === 'PUT' && path.endsWith(`/aliases/${aliasOf(connector)}`)

test("a connector's alias is made at the version that is live, follows it, and goes back with it", async () => {
  await using on = await scene()
  const aliases = lambdaAliases(on.client, on.settings)
  await on.make('Bücher')
  const made = await on.versionOf('Bücher')
  const second = await on.publish()
  await aliases.follow()
  const before = await on.versionOf('Bücher')

  await on.goLive(second)
  await aliases.follow()
  const after = await on.versionOf('Bücher')
  await on.goLive(on.first)
  await aliases.follow()

  assert.deepEqual([made, before, after], [on.first, on.first, second])
  assert.equal(await on.versionOf('Bücher'), on.first)
  const connector = await aliases.connectorOf(`${on.settings.sinkArn}:${aliasOf('Bücher')}`)
  assert.equal(connector, 'Bücher')
})

test('once there is no time left the other aliases wait for the next time', async () => {
  await using on = await scene()
  const aliases = lambdaAliases(on.client, on.settings)
  for (const connector of ['one', 'two', 'three']) await on.make(connector)
  const second = await on.publish()
  await on.goLive(second)
  let looks = 0
  const moved = async () =>
    Object.entries(await on.versions()).filter(
      ([name, version]) => name !== 'live' && version === second,
    ).length

  await aliases.follow(() => looks++ < 2)
  const before = await moved()
  await aliases.follow()

  assert.deepEqual([before, await moved()], [1, 3])
})

test('aliases that are of no connector stay where they are', async () => {
  await using on = await scene()
  const release = { FunctionName: on.FunctionName, Name: 'release-1', FunctionVersion: on.first }
  await on.client.send(new CreateAliasCommand({ ...release, Description: 'orders' }))
  await on.goLive(await on.publish())

  await lambdaAliases(on.client, on.settings).follow()

  assert.equal((await on.versions())['release-1'], on.first)
})

test('more aliases than a page has are moved; the next ticks ask for the live one alone', async () => {
  await using on = await scene()
  const names = Array.from({ length: 55 }, (_, at) => `c${at}`)
  for (const name of names) await on.make(name)
  const second = await on.publish()
  await on.goLive(second)
  await using service = await disturbed(addresses().aws.endpoint, passing)
  const aliases = lambdaAliases(lambdaAt(service.endpoint), on.settings)

  await aliases.follow()
  const all = await on.versions()
  service.requests.length = 0
  await aliases.follow()
  await aliases.follow()

  assert.deepEqual(
    names.filter((name) => all[aliasOf(name)] !== second),
    [],
  )
  assert.deepEqual(
    service.requests.map((one) => one.split('/').at(-1)),
    ['live', 'live'],
  )
})

test('throttled in the middle it gives up; the next tick, of whatever coordinator, moves the rest', async () => {
  await using on = await scene()
  for (const name of ['a', 'b', 'c']) await on.make(name)
  const second = await on.publish()
  await on.goLive(second)
  let throttled = true
  await using service = await disturbed(addresses().aws.endpoint, async (request) =>
    throttled && isMove(request, 'b')
      ? { status: 429, error: 'TooManyRequestsException' }
      : undefined,
  )
  const aliases = lambdaAliases(lambdaAt(service.endpoint), on.settings)

  await assert.rejects(aliases.follow(), (error: Error) => {
    assert.ok(error instanceof RetriableError)
    return error.message.startsWith('moving the alias of b: TooManyRequestsException')
  })
  const half = await on.versions()
  throttled = false
  await aliases.follow()

  assert.deepEqual(
    ['a', 'b', 'c'].map((name) => half[aliasOf(name)] === second),
    [true, false, false],
  )
  for (const name of ['a', 'b', 'c']) assert.equal(await on.versionOf(name), second)
})

test('a coordinator that was slow puts nothing back that another has moved on', async () => {
  await using on = await scene()
  await on.make('orders')
  const [second, third] = [await on.publish(), await on.publish()]
  await on.goLive(second)
  const other = lambdaAliases(on.client, on.settings)
  await using service = await disturbed(addresses().aws.endpoint, async (request) => {
    if (!isMove(request, 'orders') || (await on.versionOf('orders')) === third) return undefined
    // It has read all it needs, and is about to move the alias to the second version.
    await on.goLive(third)
    await other.follow()
    return undefined
  })
  const slow = lambdaAliases(lambdaAt(service.endpoint), on.settings)

  await slow.follow()
  const after = await on.versionOf('orders')
  await slow.follow()

  assert.equal(after, third)
  assert.equal(await on.versionOf('orders'), third)
})

test('one that sees the same version again, with others between, still looks', async () => {
  await using on = await scene()
  await on.make('orders')
  const sleeper = lambdaAliases(on.client, on.settings)
  await sleeper.follow()
  await on.goLive(await on.publish())
  await lambdaAliases(on.client, on.settings).follow()
  await on.goLive(on.first)

  await sleeper.follow()

  assert.equal(await on.versionOf('orders'), on.first)
})

test('an alias that is made while all are moved is at the new version', async () => {
  await using on = await scene()
  const second = await on.publish()
  await using service = await disturbed(addresses().aws.endpoint, async ({ method }) => {
    if (method !== 'POST') return undefined
    await on.goLive(second)
    await lambdaAliases(on.client, on.settings).follow()
    return undefined
  })

  await ensureAlias(lambdaAt(service.endpoint), on.settings, 'orders')

  assert.equal(await on.versionOf('orders'), second)
})

test('an alias of an earlier deployment, which followed the newest code, is moved to the version that is live', async () => {
  await using on = await scene()
  await ensureAlias(on.client, { sinkArn: on.settings.sinkArn }, 'orders')
  const before = await on.versionOf('orders')

  await on.make('orders')
  await lambdaAliases(on.client, on.settings).follow()

  assert.deepEqual([before, await on.versionOf('orders')], ['$LATEST', on.first])
})

test('where no alias is live there is nothing to follow, and nothing is asked', async () => {
  await using on = await scene()
  await using service = await disturbed(addresses().aws.endpoint, passing)

  await lambdaAliases(lambdaAt(service.endpoint), { sinkArn: on.settings.sinkArn }).follow()

  assert.deepEqual(service.requests, [])
})
