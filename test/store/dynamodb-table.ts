import { randomUUID } from 'node:crypto'
import { DeleteTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { addresses } from '../../infra/stack/addresses.ts'
import { dynamodbClient } from '../../lib/store/dynamodb-client.ts'
import { createTable } from '../../lib/store/table.ts'

// An emulator takes any; the SDK insists on some.
process.env.AWS_REGION ??= 'us-east-1'
process.env.AWS_ACCESS_KEY_ID ??= 'test'
process.env.AWS_SECRET_ACCESS_KEY ??= 'test'

export type TestTable = {
  readonly name: string
  readonly client: DynamoDBClient
  readonly create: () => Promise<void>
  readonly remove: () => Promise<void>
}

/** A table of one test file's own. */
export function dynamodbTable(): TestTable {
  const name = `connectless-test-${randomUUID()}`
  const client = dynamodbClient(addresses().aws.endpoint)
  return {
    name,
    client,
    create: () => createTable(client, name),
    async remove() {
      await client.send(new DeleteTableCommand({ TableName: name }))
      client.destroy()
    },
  }
}
