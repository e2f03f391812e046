import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lambdaInvoker } from '../../lib/cloud/lambda-invoker.ts'
import { NotFoundError, RetriableError } from '../../lib/errors.ts'
import { lambdaAt } from './emulator.ts'

test('a function that is not there is not found, and the error names it', async () => {
  const invoker = lambdaInvoker(lambdaAt(), {
    source: 'none-there',
    sink: 'none-there',
    coordinator: 'none-there',
  })

  await assert.rejects(invoker.coordinator({}), (error: Error) => {
    assert.ok(error instanceof NotFoundError)
    return error.message.startsWith('invoking none-there: ')
  })
})

test('a service that does not answer is worth another try', async () => {
  const client = lambdaAt('http://127.0.0.1:1')
  const invoker = lambdaInvoker(client, { source: 'any', sink: 'any', coordinator: 'any' })

  await assert.rejects(invoker.coordinator({}), RetriableError)
})
