import { after, before } from 'node:test'
import { dynamodbRows } from '../../lib/store/dynamodb-rows.ts'
import { dynamodbTable } from '../store/dynamodb-table.ts'
import { allContracts } from './all-stores.ts'

const table = dynamodbTable()

before(table.create)
after(table.remove)

allContracts('DynamoDB', async () => dynamodbRows(table.client, table.name))
