import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { ZipFile } from 'yazl'
import { addresses } from '../../infra/stack/addresses.ts'

/** Whoever asks the emulator is its root. */
export const EMULATED = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const

const config = (endpoint: string) => ({ endpoint, ...EMULATED })

export const lambdaAt = (endpoint = addresses().aws.endpoint, maxAttempts = 3) =>
  new LambdaClient({ ...config(endpoint), maxAttempts })

export const schedulerAt = (endpoint = addresses().aws.endpoint) =>
  new SchedulerClient(config(endpoint))

/** Makes a function of one CommonJS file, removed again by `await using`. */
export async function deployed(client: LambdaClient, code: string) {
  const name = `connectless-test-${randomUUID().slice(0, 8)}`
  const { FunctionArn = '' } = await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::000000000000:role/any',
      Handler: 'index.handler',
      Code: { ZipFile: await zipOf(code) },
    }),
  )
  await waitUntilFunctionActiveV2(
    { client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 1 },
    { FunctionName: name },
  )
  const remove = () => client.send(new DeleteFunctionCommand({ FunctionName: name }))
  return {
    name,
    arn: FunctionArn,
    async [Symbol.asyncDispose]() {
      await remove()
    },
  }
}

function zipOf(code: string): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(code), 'index.js')
  zip.end()
  return buffer(zip.outputStream)
}
