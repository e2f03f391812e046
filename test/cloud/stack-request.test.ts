import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { test } from 'node:test'
import { type StackRequest, serveStack } from '../../lib/cloud/stack-request.ts'
import { ConfigError, RetriableError } from '../../lib/errors.ts'

/** What CloudFormation is: it waits for a PUT. The first `refusals` it answers with 500. */
async function cloudFormation(refusals = 0) {
  const answers: { Status: string; Reason: string; PhysicalResourceId: string }[] = []
  let turn = 0
  const server = createServer(async (request, response) => {
    const body = await json(request)
    const isRefused = turn++ < refusals
    if (!isRefused) answers.push(body as (typeof answers)[number]) // our own answer
    response.writeHead(isRefused ? 500 : 200).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  const request = (RequestType: StackRequest['RequestType'], round = 0): StackRequest => ({
    RequestType,
    ResponseURL: `http://127.0.0.1:${port}/answer`,
    StackId: 'arn:stack',
    RequestId: 'request',
    LogicalResourceId: 'Clearing',
    round,
  })
  return {
    answers,
    request,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An invocation of 120 s in which a look takes 10 s; `looks` tells what there was at each. */
function surroundings(looks: readonly (number | Error)[], check = () => {}) {
  let remainingMs = 120_000
  let at = 0
  const later: StackRequest[] = []
  return {
    later,
    looks: () => at,
    check,
    leftovers: {
      async clear() {
        remainingMs -= 10_000
        const seen = looks[Math.min(at++, looks.length - 1)] ?? 0
        if (seen instanceof Error) throw seen
        return seen
      },
    },
    goOn: async (request: StackRequest) => void later.push(request),
    remainingMs: () => remainingMs,
    clock: { sleep: async () => {} },
  }
}

test('a stack that goes is answered when nothing is left', async () => {
  await using stack = await cloudFormation()
  const around = surroundings([3, 3, 1, 0])

  await serveStack(stack.request('Delete'), around)

  assert.equal(around.looks(), 4)
  assert.deepEqual(
    stack.answers.map(({ Status, PhysicalResourceId }) => [Status, PhysicalResourceId]),
    [['SUCCESS', 'Clearing']],
  )
})

test('what one invocation does not end another goes on with, and nobody is answered yet', async () => {
  await using stack = await cloudFormation()
  const around = surroundings([5])

  await serveStack(stack.request('Delete', 3), around)

  assert.deepEqual(stack.answers, [])
  assert.deepEqual(around.later, [stack.request('Delete', 4)])
})

test('in the end it says what is left, and that removing again goes on', async () => {
  await using stack = await cloudFormation()
  const around = surroundings([5, new RetriableError('TooManyRequests')])

  await serveStack(stack.request('Delete', 13), around)

  assert.deepEqual(around.later, [])
  assert.equal(stack.answers[0]?.Status, 'FAILED')
  assert.match(stack.answers[0]?.Reason ?? '', /^5 event source mappings .*TooManyRequests.*again/)
})

test('a call that failed for now is made again', async () => {
  await using stack = await cloudFormation()

  await serveStack(stack.request('Delete'), surroundings([new RetriableError('busy'), 1, 0]))

  assert.equal(stack.answers[0]?.Status, 'SUCCESS')
})

test('a right that is missing is told at once', async () => {
  await using stack = await cloudFormation()
  const around = surroundings([new Error('AccessDenied'), 0])

  await serveStack(stack.request('Delete'), around)

  assert.equal(around.looks(), 1)
  assert.deepEqual(
    stack.answers.map(({ Status, Reason }) => [Status, Reason]),
    [['FAILED', 'AccessDenied']],
  )
})

for (const type of ['Create', 'Update'] as const) {
  test(`${type}: parameters with which functions start are taken, and nothing is cleared`, async () => {
    await using stack = await cloudFormation()
    const around = surroundings([1])

    await serveStack(stack.request(type), around)

    assert.equal(around.looks(), 0)
    assert.equal(stack.answers[0]?.Status, 'SUCCESS')
  })

  test(`${type}: parameters that do not go together are refused with the reason`, async () => {
    await using stack = await cloudFormation()
    const check = () => {
      throw new ConfigError('MAPPING_ACCESS_TYPE is IAM')
    }

    await serveStack(stack.request(type), surroundings([0], check))

    assert.deepEqual(
      stack.answers.map(({ Status, Reason }) => [Status, Reason]),
      [['FAILED', 'MAPPING_ACCESS_TYPE is IAM']],
    )
  })
}

test('an answer that got lost is given again', async () => {
  await using stack = await cloudFormation(2)

  await serveStack(stack.request('Delete'), surroundings([0]))

  assert.equal(stack.answers.length, 1)
})

test('that nobody takes the answer is an error of the invocation', async () => {
  await using stack = await cloudFormation(9)

  await assert.rejects(serveStack(stack.request('Delete'), surroundings([0])), /was not answered/)
})
