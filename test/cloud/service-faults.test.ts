/** How each adapter takes what Lambda and the Scheduler answer when they are busy, broken or silent: their errors as the service models shape them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { lambdaAliases } from '../../lib/cloud/lambda-aliases.ts'
import { lambdaInvoker } from '../../lib/cloud/lambda-invoker.ts'
import { schedulerSchedules } from '../../lib/cloud/scheduler-schedules.ts'
import { ConflictError, ConnectError, NotFoundError, RetriableError } from '../../lib/errors.ts'

type Answer = { readonly status: number; readonly error: string; readonly body: object } | 'silence'

/** One that answers everything so. */
async function answering(answer: Answer) {
  const server = createServer((_, response) => {
    if (answer === 'silence') return
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'x-amzn-errortype': answer.error,
    })
    response.end(JSON.stringify(answer.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    settings: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      requestHandler: { requestTimeout: 200, throwOnRequestTimeout: true },
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

type Settings = Awaited<ReturnType<typeof answering>>['settings']

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:connectless-dev'

const schedules = (settings: Settings) =>
  schedulerSchedules(new SchedulerClient(settings), {
    stage: 'dev',
    group: 'connectless-dev',
    targetArn: `${ARN}-source:live`,
    roleArn: 'arn:aws:iam::123456789012:role/connectless-dev-scheduler',
  })
const invoker = (settings: Settings) =>
  lambdaInvoker(new LambdaClient(settings), {
    source: `${ARN}-source:live`,
    sink: `${ARN}-sink:live`,
    coordinator: `${ARN}-coordinator:live`,
  })
const aliases = (settings: Settings) =>
  lambdaAliases(new LambdaClient(settings), { sinkArn: `${ARN}-sink`, live: 'live' })

const task = { connector: 'orders', task: 0 }
const calls = {
  'making a schedule': (at: Settings) => schedules(at).ensure(task),
  'removing a schedule': (at: Settings) => schedules(at).remove(task),
  'listing schedules': (at: Settings) => schedules(at).list('orders'),
  'invoking a source': (at: Settings) => invoker(at).source(task),
  'invoking the coordinator': (at: Settings) => invoker(at).coordinator({}),
  'following a release': (at: Settings) => aliases(at).follow(),
  'asking whose an alias is': (at: Settings) => aliases(at).connectorOf(`${ARN}-sink:orders-1`),
}
type Call = keyof typeof calls

const LAMBDA: readonly Call[] = [
  'invoking a source',
  'invoking the coordinator',
  'following a release',
  'asking whose an alias is',
]
const SCHEDULER: readonly Call[] = ['making a schedule', 'removing a schedule', 'listing schedules']

type Case = {
  readonly title: string
  readonly of: readonly Call[]
  readonly answer: Answer
  readonly want: typeof ConnectError | 'done'
}

const lambdaError = (status: number, error: string, message: string): Answer => ({
  status,
  error,
  body: { Type: status < 500 ? 'User' : 'Service', message },
})
const schedulerError = (status: number, error: string, Message: string): Answer => ({
  status,
  error,
  body: { Message },
})

const CASES: readonly Case[] = [
  {
    title: 'Lambda throttles the rate of calls',
    of: LAMBDA,
    answer: {
      status: 429,
      error: 'TooManyRequestsException',
      body: { Reason: 'CallerRateLimitExceeded', Type: 'User', message: 'Rate exceeded' },
    },
    want: RetriableError,
  },
  {
    title: 'Lambda has no room for another invocation',
    of: LAMBDA,
    answer: {
      status: 429,
      error: 'TooManyRequestsException',
      body: {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
        retryAfterSeconds: '1',
        message: 'Rate Exceeded.',
      },
    },
    want: RetriableError,
  },
  {
    title: 'Lambda has a fault of its own',
    of: LAMBDA,
    answer: lambdaError(500, 'ServiceException', 'An error occurred'),
    want: RetriableError,
  },
  {
    title: 'EC2 throttles Lambda, which makes interfaces in a network there',
    of: LAMBDA,
    answer: {
      status: 502,
      error: 'EC2ThrottledException',
      body: { Type: 'Service', Message: 'throttled' },
    },
    want: RetriableError,
  },
  {
    title: 'a function was idle for so long that it is being made ready',
    of: LAMBDA,
    answer: lambdaError(502, 'ResourceNotReadyException', 'The function is inactive'),
    want: RetriableError,
  },
  {
    title: 'a function is just being changed',
    of: LAMBDA,
    answer: lambdaError(409, 'ResourceConflictException', 'An update is in progress'),
    want: ConflictError,
  },
  {
    title: 'a function or alias is not there, yet or any more',
    of: LAMBDA,
    answer: lambdaError(404, 'ResourceNotFoundException', 'Function not found'),
    want: NotFoundError,
  },
  {
    title: 'the Scheduler throttles',
    of: SCHEDULER,
    answer: schedulerError(429, 'ThrottlingException', 'Rate exceeded'),
    want: RetriableError,
  },
  {
    title: 'the Scheduler has a fault of its own',
    of: SCHEDULER,
    answer: schedulerError(500, 'InternalServerException', 'Unexpected error'),
    want: RetriableError,
  },
  {
    title: 'all schedules that the account may have are there',
    of: ['making a schedule'],
    answer: schedulerError(402, 'ServiceQuotaExceededException', 'The quota of schedules'),
    want: ConnectError,
  },
  {
    title: 'the role of schedules is not known everywhere yet',
    of: ['making a schedule'],
    answer: schedulerError(400, 'ValidationException', 'The execution role must allow'),
    want: ConnectError,
  },
  {
    title: 'a schedule of this name is there, or another call about it is under way',
    of: ['making a schedule'],
    answer: schedulerError(409, 'ConflictException', 'Schedule already exists'),
    want: 'done',
  },
  {
    title: 'the schedule is gone',
    of: ['removing a schedule'],
    answer: schedulerError(404, 'ResourceNotFoundException', 'Schedule does not exist'),
    want: 'done',
  },
  {
    title: 'a call has no answer',
    of: [...LAMBDA, ...SCHEDULER],
    answer: 'silence',
    want: RetriableError,
  },
]

for (const { title, of, answer, want } of CASES)
  for (const call of of)
    test(`${title}: ${call}`, async () => {
      await using service = await answering(answer)

      if (want === 'done') {
        await calls[call](service.settings)
        return
      }
      await assert.rejects(calls[call](service.settings), (error: Error) => {
        assert.equal(error.constructor, want)
        // The action, the service's name for it, and its words.
        const named = answer === 'silence' ? 'TimeoutError' : answer.error
        assert.match(error.message, new RegExp(`^[a-z].+: ${named}: `))
        return true
      })
    })
