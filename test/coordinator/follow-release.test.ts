import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coordinate } from '../../lib/coordinator/coordinate.ts'
import { RetriableError } from '../../lib/errors.ts'
import { coordinatedWorld } from './world.ts'

function setUp(follow: (mayGoOn?: () => boolean) => Promise<void>) {
  const world = coordinatedWorld()
  const ports = { ...world.ports, aliases: { ...world.ports.aliases, follow } }
  return {
    ...world,
    coordinate: (event: object, surroundings = {}) =>
      coordinate(event, ports, world.plugins, surroundings),
  }
}

const source = { 'connector.class': 'test.TableSourceConnector', tables: 'a' }

test('a tick has sink connectors follow what is live, a nudge for one connector does not', async () => {
  let followed = 0
  const on = setUp(async () => void followed++)

  await on.coordinate({})
  await on.coordinate({ connector: 'c' })

  assert.equal(followed, 1)
  await on.close()
})

test('when that fails a line says so, and the connectors are coordinated all the same', async () => {
  const on = setUp(async () => {
    throw new RetriableError('reading the alias live: TooManyRequestsException: Rate exceeded')
  })
  await on.send('PUT', '/connectors/c/config', source)
  on.schedules.clear()

  await on.coordinate({})

  assert.deepEqual(on.errors, [
    'Moving sink connectors to the live release failed: reading the alias live: TooManyRequestsException: Rate exceeded',
  ])
  assert.equal(on.schedules.size, 1)
  await on.close()
})

test('it is told when the time of the invocation is nearly up, so that the rest of a tick still has some', async () => {
  const seen: unknown[] = []
  let remainingMs = 60_000
  const on = setUp(async (mayGoOn) => {
    seen.push(mayGoOn?.())
    remainingMs = 30_000
    seen.push(mayGoOn?.())
  })

  await on.coordinate({}, { remainingMs: () => remainingMs })

  assert.deepEqual(seen, [true, false])
  await on.close()
})
