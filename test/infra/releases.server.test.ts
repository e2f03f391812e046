import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { addresses } from '../../infra/stack/addresses.ts'
import { disturbed } from '../cloud/disturbed.ts'
import { deployed, lambdaAt } from '../cloud/emulator.ts'

type Key = 'coordinator' | 'source' | 'sink' | 'api'
type Versions = Readonly<Record<Key, string>>
type Release = { readonly number: number; readonly versions: Versions }
type Releases = {
  goTo(versions: Versions): Promise<{ readonly moved: readonly Key[] }>
  record(versions: Versions): Promise<{ readonly number: number; readonly isNew: boolean }>
  choose(to?: string): Promise<Release>
}

// Plain JavaScript, since the framework loads it.
const { releases } = (await import(
  String(new URL('../../infra/releases.js', import.meta.url))
)) as {
  releases: (client: ReturnType<typeof lambdaAt>, functions: Versions) => Releases
}

const KEYS: readonly Key[] = ['coordinator', 'source', 'sink', 'api']

/** Four functions as a deployment has them, `live` of each at its version 1. */
async function scene() {
  const client = lambdaAt()
  const made = await Promise.all(
    KEYS.map(() => deployed(client, 'exports.handler = async () => {}')),
  )
  const nameOf = Object.fromEntries(KEYS.map((key, at) => [key, made[at]?.name])) as Versions // one a key
  let published = 0

  async function publish(key: Key): Promise<string> {
    const FunctionName = nameOf[key]
    const Description = `${++published}`
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }))
    const { Version = '' } = await client.send(new PublishVersionCommand({ FunctionName }))
    return Version
  }
  async function live(): Promise<string> {
    const all = await Promise.all(
      KEYS.map((key) =>
        client.send(new GetAliasCommand({ FunctionName: nameOf[key], Name: 'live' })),
      ),
    )
    return all.map(({ FunctionVersion }) => FunctionVersion).join()
  }

  for (const key of KEYS) {
    const FunctionVersion = await publish(key)
    const alias = { FunctionName: nameOf[key], Name: 'live', FunctionVersion }
    await client.send(new CreateAliasCommand(alias))
  }
  const first: Versions = { coordinator: '1', source: '1', sink: '1', api: '1' }
  const all = releases(client, nameOf)
  await all.record(first)

  return {
    ...{ client, nameOf, publish, live, first, all },
    /** As a deploy that changes these functions. */
    async release(before: Versions, ...changed: readonly Key[]): Promise<Versions> {
      const versions = { ...before }
      for (const key of changed) versions[key] = await publish(key)
      await all.goTo(versions)
      await all.record(versions)
      return versions
    },
    async [Symbol.asyncDispose]() {
      for (const one of made) await one[Symbol.asyncDispose]()
    },
  }
}

test('back is the release before, as a whole, also where it had not changed all functions', async () => {
  await using on = await scene()
  const second = await on.release(on.first, 'api', 'sink')
  await on.release(second, 'sink')

  const before = await on.live()
  await on.all.goTo((await on.all.choose()).versions)
  const once = await on.live()
  await on.all.goTo((await on.all.choose()).versions)
  const twice = await on.live()

  assert.deepEqual([before, once, twice], ['1,1,3,2', '1,1,2,2', '1,1,1,1'])
  await assert.rejects(on.all.choose(), { message: 'Before release 1 none is known' })
})

test('any release that is known is gone to by its number, forward too', async () => {
  await using on = await scene()
  await on.release(await on.release(on.first, 'api'), 'api')
  await on.all.goTo((await on.all.choose('1')).versions)

  const { moved } = await on.all.goTo((await on.all.choose('3')).versions)

  assert.deepEqual([moved, await on.live()], [['api'], '1,1,1,3'])
  await assert.rejects(on.all.choose('9'), /^Error: There is no release 9; known are 3 of \d{4}/)
})

test('what is recorded already is no new release', async () => {
  await using on = await scene()
  const second = await on.release(on.first, 'api')

  const again = await on.all.record(second)

  assert.deepEqual(again, { number: 2, isNew: false })
})

test('five releases are kept', async () => {
  await using on = await scene()
  let versions = on.first
  for (let more = 0; more < 6; more++) versions = await on.release(versions, 'source')

  await assert.rejects(
    on.all.choose('2'),
    /known are 7 of \S+, 6 of \S+, 5 of \S+, 4 of \S+, 3 of \S+$/,
  )
})

test('after a cut on the way back what is live is of no release, and the same command with its number ends it', async () => {
  await using on = await scene()
  const second = await on.release(on.first, 'coordinator', 'source', 'sink', 'api')
  await on.release(second, 'coordinator', 'source', 'sink', 'api')
  await using service = await disturbed(addresses().aws.endpoint, async ({ method, path }) =>
    method === 'PUT' && path.includes(on.nameOf.sink)
      ? { status: 400, error: 'InvalidParameterValueException' }
      : undefined,
  )
  const cut = releases(lambdaAt(service.endpoint), on.nameOf)

  await assert.rejects(cut.goTo((await cut.choose()).versions), /refused/)
  const half = await on.live()

  assert.equal(half, '2,2,3,3')
  await assert.rejects(on.all.choose(), /^Error: What is live is of no one release; say by --to/)
  await on.all.goTo((await on.all.choose('2')).versions)
  assert.equal(await on.live(), '2,2,2,2')
})

test('a release whose recording was cut off is not known, and is recorded by the next deploy', async () => {
  await using on = await scene()
  const second = await on.release(on.first, 'api')
  const half = { FunctionName: on.nameOf.coordinator, Name: 'release-2' }
  await on.client.send(new DeleteAliasCommand(half))
  await on.publish('sink')

  await assert.rejects(on.all.choose('2'), /There is no release 2/)
  const again = await on.all.record({ ...second, sink: '2' })

  assert.deepEqual(again, { number: 2, isNew: true })
  assert.deepEqual((await on.all.choose('2')).versions, { ...second, sink: '2' })
})
