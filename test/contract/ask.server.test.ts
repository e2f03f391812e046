import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { lambdaAsk } from '../../lib/cloud/lambda-ask.ts'
import { NotFoundError, RetriableError } from '../../lib/errors.ts'
import { deployed, lambdaAt } from '../cloud/emulator.ts'
import { askContract, LIMIT_MS, scripted } from './ask.ts'

const client = lambdaAt()
const called = await deployed(client, `exports.handler = ${scripted}`)
after(() => called[Symbol.asyncDispose]())
const both = (name: string) => ({ source: name, sink: name })
// The first call of an emulated function starts a process for it.
await lambdaAsk(client, both(called.name)).source('probe', { config: { how: 'echo' } })

askContract(async () => lambdaAsk(client, both(called.arn), LIMIT_MS))

test('a function that is not there is not found, and the error names it', async () => {
  const ask = lambdaAsk(client, both('none-there'))

  await assert.rejects(ask.sink('probe', { config: {} }), (error: Error) => {
    assert.ok(error instanceof NotFoundError)
    return error.message.startsWith('asking none-there: ')
  })
})

test('a service that does not answer is worth another try', async () => {
  const ask = lambdaAsk(lambdaAt('http://127.0.0.1:1'), both('any'))

  await assert.rejects(ask.sink('probe', { config: {} }), RetriableError)
})
