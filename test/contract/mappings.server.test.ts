import { after, before, describe } from 'node:test'
import { lambdaMappings } from '../../lib/cloud/lambda-mappings.ts'
import { deployed, lambdaAt } from '../cloud/emulator.ts'
import { frontOfStack } from '../cloud/mapping-front.ts'
import { broker } from '../kafka/kafka-fixture.ts'
import { polling } from '../local/polling.ts'
import { mappingsContract } from './mappings.ts'

describe('in one process', () => {
  mappingsContract(() => polling())
})

describe("by Lambda's API, with a front that is as strict as AWS", () => {
  let sink: Awaited<ReturnType<typeof deployed>>
  before(async () => {
    sink = await deployed(lambdaAt(), 'exports.handler = async () => {}')
  })
  after(() => sink[Symbol.asyncDispose]())

  mappingsContract(async () => {
    const front = await frontOfStack(200)
    const client = lambdaAt(front.url)
    const mappings = lambdaMappings(client, {
      sinkArn: sink.arn,
      cluster: { bootstrapServers: [broker()] },
      access: [],
    })
    return {
      mappings,
      async [Symbol.asyncDispose]() {
        client.destroy()
        await front.close()
      },
    }
  })
})
