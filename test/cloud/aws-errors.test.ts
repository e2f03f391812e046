import assert from 'node:assert/strict'
import { test } from 'node:test'
import { already, calling, ourError } from '../../lib/cloud/aws-errors.ts'
import { ConflictError, ConnectError, NotFoundError, RetriableError } from '../../lib/errors.ts'

const awsError = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('because'), { name, $metadata: { httpStatusCode } })
const socketError = (code: string) => Object.assign(new Error(`connect ${code}`), { code })

for (const { title, error, want } of [
  { title: 'a throttled call', error: awsError('ThrottlingException', 429), want: RetriableError },
  {
    title: 'too many requests',
    error: awsError('TooManyRequestsException', 429),
    want: RetriableError,
  },
  {
    title: 'a fault of the service',
    error: awsError('InternalServerException', 500),
    want: RetriableError,
  },
  {
    title: 'an unknown error of status 503',
    error: awsError('Whatever', 503),
    want: RetriableError,
  },
  {
    title: 'a mapping in transition',
    error: awsError('ResourceInUseException', 400),
    want: RetriableError,
  },
  { title: 'a refused connection', error: socketError('ECONNREFUSED'), want: RetriableError },
  {
    title: 'a name that does not resolve now',
    error: socketError('EAI_AGAIN'),
    want: RetriableError,
  },
  { title: 'a call that takes too long', error: awsError('TimeoutError', 0), want: RetriableError },
  {
    title: 'a schedule that exists',
    error: awsError('ConflictException', 409),
    want: ConflictError,
  },
  {
    title: 'an alias that exists',
    error: awsError('ResourceConflictException', 409),
    want: ConflictError,
  },
  {
    title: 'what is not there',
    error: awsError('ResourceNotFoundException', 404),
    want: NotFoundError,
  },
  {
    title: 'a right that is missing',
    error: awsError('AccessDeniedException', 403),
    want: ConnectError,
  },
  { title: 'a quota', error: awsError('ServiceQuotaExceededException', 402), want: ConnectError },
  {
    title: 'a request that makes no sense',
    error: awsError('ValidationException', 400),
    want: ConnectError,
  },
])
  test(`${title} is a ${want.name}`, () => {
    const ours = ourError('making a thing', error)

    assert.equal(ours.constructor, want)
    assert.match(ours.message, /^making a thing: /)
    assert.ok(ours.message.includes(error.name) && ours.message.includes(error.message))
    assert.equal(ours.cause, error)
  })

test('an error of ours passes as it is', () => {
  const error = new NotFoundError('gone')

  assert.equal(ourError('making a thing', error), error)
})

test('a call gives its answer', async () => {
  assert.equal(await calling('asking', async () => 42), 42)
})

test('only the error that says so means that things are as wanted already', async () => {
  const conflict = async () => Promise.reject(awsError('ConflictException', 409))

  await already(ConflictError, 'making a thing', conflict)

  await assert.rejects(already(NotFoundError, 'removing a thing', conflict), ConflictError)
})
