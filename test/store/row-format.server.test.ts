import { after } from 'node:test'
import { PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb'
import { attributesOf, itemOf, skOf } from '../../lib/store/dynamodb-items.ts'
import { dynamodbRows } from '../../lib/store/dynamodb-rows.ts'
import { type RawRow, rowFormatContract } from '../contract/row-format.ts'
import { dynamodbTable, type TestTable } from './dynamodb-table.ts'

const tables: TestTable[] = []
after(() => Promise.all(tables.map(({ remove }) => remove())))

rowFormatContract('DynamoDB', async (recorded) => {
  const table = dynamodbTable()
  await table.create()
  tables.push(table)
  const { client, name } = table
  for (const [pk, sk, attributes] of recorded)
    await client.send(new PutItemCommand({ TableName: name, Item: itemOf({ pk, sk, attributes }) }))
  async function read() {
    const all: RawRow[] = []
    for await (const { Items = [] } of paginateScan({ client }, { TableName: name }))
      for (const item of Items) all.push([item.pk?.S ?? '', skOf(item), attributesOf(item)])
    return all.sort((one, other) => (`${one[0]} ${one[1]}` < `${other[0]} ${other[1]}` ? -1 : 1))
  }
  return { rows: dynamodbRows(client, name), read }
})
