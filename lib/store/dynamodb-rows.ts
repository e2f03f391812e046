import { randomUUID } from 'node:crypto'
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { RetriableError } from '../errors.ts'
import { backOff } from './back-off.ts'
import { calling, unlessLost } from './dynamodb-errors.ts'
import {
  attributesOf,
  conditionOf,
  type Item,
  itemOf,
  keyOf,
  skOf,
  updateOf,
} from './dynamodb-items.ts'
import { formatted } from './row-format.ts'
import { type Change, chunksOf, type Key, type Rows } from './rows.ts'

/** Of a table with the string keys `pk` and `sk`. */
export const dynamodbRows = (client: DynamoDBClient, table: string): Rows =>
  formatted(rowsIn(client, table))

const rowsIn = (client: DynamoDBClient, table: string): Rows => ({
  get: (key) =>
    calling(`reading ${named(key)}`, async () => {
      const request = { TableName: table, Key: keyOf(key), ConsistentRead: true }
      const { Item } = await client.send(new GetItemCommand(request))
      return Item && attributesOf(Item)
    }),

  async query(pk, prefix) {
    const items = await query({ client, table, pk, prefix })
    return items.map((item) => ({ pk, sk: skOf(item), attributes: attributesOf(item) }))
  },

  async sortKeys(pk, prefix) {
    const items = await query({ client, table, pk, prefix, ProjectionExpression: 'sk' })
    return items.map(skOf)
  },

  async transact(changes) {
    const command = new TransactWriteItemsCommand({
      TransactItems: changes.map((change) => transactItem(table, change)),
      // By the token a call made again after a lost reply is known to be the same, and answered as the first one was.
      ClientRequestToken: randomUUID(),
    })
    const pks = [...new Set(changes.map((change) => keyOfChange(change).pk))].join(', ')
    const done = await calling(`changing rows of ${pks}`, () =>
      unlessLost(() => client.send(command)),
    )
    return done !== undefined
  },

  async update(key, set, onlyIf) {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: keyOf(key),
      ReturnValues: 'ALL_NEW',
      ...updateOf(set, onlyIf),
    })
    const done = await calling(`changing ${named(key)}`, () =>
      unlessLost(() => client.send(command)),
    )
    return done && attributesOf(done.Attributes ?? {})
  },

  putAll: (rows) =>
    writeAll(
      { client, table },
      rows.map((row) => ({ PutRequest: { Item: itemOf(row) } })),
    ),

  removeAll: (keys) =>
    writeAll(
      { client, table },
      keys.map((key) => ({ DeleteRequest: { Key: keyOf(key) } })),
    ),
})

type At = { readonly client: DynamoDBClient; readonly table: string }

type Question = At & {
  readonly pk: string
  readonly prefix: string
  readonly ProjectionExpression?: string
}

const query = ({ client, table, pk, prefix, ...projection }: Question): Promise<Item[]> =>
  calling(`reading rows ${prefix}… of ${pk}`, async () => {
    const request = {
      TableName: table,
      ConsistentRead: true,
      // An empty prefix is refused as an empty key.
      ...(prefix === ''
        ? { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } }
        : {
            KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
            ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix } },
          }),
      ...projection,
    }
    const items: Item[] = []
    for await (const { Items } of paginateQuery({ client }, request)) items.push(...(Items ?? []))
    return items
  })

function transactItem(TableName: string, change: Change): TransactWriteItem {
  const condition = change.onlyIf && conditionOf(change.onlyIf)
  if ('put' in change) return { Put: { TableName, Item: itemOf(change.put), ...condition } }
  if ('remove' in change) return { Delete: { TableName, Key: keyOf(change.remove), ...condition } }
  return {
    ConditionCheck: { TableName, Key: keyOf(change.check), ...conditionOf(change.onlyIf) },
  }
}

// What one BatchWriteItem takes, of 16 MB.
const MAX_BATCH = 25
const MAX_ROUNDS = 12

async function writeAll(at: At, requests: readonly WriteRequest[]): Promise<void> {
  for (const chunk of chunksOf(requests, MAX_BATCH)) await writeChunk(at, chunk)
}

/** What is over the table's throughput is handed back, to be sent again. */
async function writeChunk({ client, table }: At, chunk: WriteRequest[]): Promise<void> {
  let left = chunk
  for (let rounds = 1; rounds <= MAX_ROUNDS; rounds++) {
    const command = new BatchWriteItemCommand({ RequestItems: { [table]: left } })
    const { UnprocessedItems } = await calling(`writing rows of table ${table}`, () =>
      client.send(command),
    )
    left = UnprocessedItems?.[table] ?? []
    if (left.length === 0) return
    await backOff(rounds)
  }
  throw new RetriableError(
    `writing rows of table ${table}: it goes on handing back ${left.length} of them`,
  )
}

const keyOfChange = (change: Change): Key =>
  'put' in change ? change.put : 'remove' in change ? change.remove : change.check

const named = ({ pk, sk }: Key): string => `row ${sk} of ${pk}`
