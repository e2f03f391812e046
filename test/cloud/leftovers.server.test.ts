import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import { mappingLeftovers } from '../../lib/cloud/leftovers.ts'
import { until } from '../local/polling.ts'
import { deployed, lambdaAt } from './emulator.ts'
import { commandsOf, frontOfStack } from './mapping-front.ts'

const always = () => true

let sink: Awaited<ReturnType<typeof deployed>>
let other: Awaited<ReturnType<typeof deployed>>
before(async () => {
  sink = await deployed(lambdaAt(), 'exports.handler = async () => {}')
  other = await deployed(lambdaAt(), 'exports.handler = async () => {}')
})
after(() => Promise.all([sink[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]))

/** Three connectors with a mapping each, and one of another stage's. */
async function scene(delaysMs: Parameters<typeof frontOfStack>[0]) {
  const front = await frontOfStack(delaysMs)
  const client = lambdaAt(front.url)
  const sent = commandsOf(client)
  const of = (sinkArn: string) =>
    lambdaMappings(client, { sinkArn, cluster: { bootstrapServers: ['b-1:9092'] }, access: [] })
  for (const connector of ['a', 'b', 'c'])
    await of(sink.arn).ensure({ connector, topic: 'tt', group: `g-${connector}`, enabled: false })
  await of(other.arn).ensure({ connector: 'a', topic: 'tt', group: 'g-other', enabled: false })
  const states = async () => {
    const all = await Promise.all(['a', 'b', 'c'].map((connector) => of(sink.arn).list(connector)))
    return all.flat().map(({ waiting }) => waiting)
  }
  return {
    sent,
    states,
    others: of(other.arn),
    leftovers: mappingLeftovers(client, sink.arn),
    [Symbol.asyncDispose]: () => front.close(),
  }
}

test('mappings of all aliases are removed, however long they take, and nobody else’s', async () => {
  await using on = await scene({ Creating: 4_000, Deleting: 2_000 })
  const { sent, states, others, leftovers } = on

  // They are being made still, so that Lambda refuses.
  assert.equal(await leftovers.clear(always), 3)
  await until(async () => (await states()).every((waiting) => waiting === undefined))
  assert.equal(await leftovers.clear(always), 3)
  // They are being removed: nothing is asked twice.
  sent.length = 0
  assert.equal(await leftovers.clear(always), 3)
  assert.ok(sent.length > 0 && sent.every((command) => command.startsWith('List')), sent.join())
  await until(async () => (await leftovers.clear(always)) === 0)

  assert.equal((await others.list('a')).length, 1)
})

test('without time nothing more is begun', async () => {
  await using on = await scene(0)
  on.sent.length = 0

  assert.equal(await on.leftovers.clear(() => false), 3)

  assert.ok(on.sent.every((command) => command.startsWith('List')))
})
