/** The same from DynamoDB; how long an emulator takes says little of Amazon's, how often it is asked says all. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { dynamodbRows } from '../../lib/store/dynamodb-rows.ts'
import type { Rows } from '../../lib/store/rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { dynamodbTable } from '../store/dynamodb-table.ts'
import { fillStores } from './filled-stores.ts'
import { median } from './rounds.ts'
import { listOf, servedApi } from './served-api.ts'

const CONNECTORS = 100
const LIST_SHARDS = 16
const TRIES = 3

const table = dynamodbTable()

before(table.create)
after(table.remove)

test(`${CONNECTORS} connectors are listed from DynamoDB with a Query each`, async (t) => {
  const rows = dynamodbRows(table.client, table.name)
  await fillStores(storesOver(rows, systemClock), CONNECTORS, systemClock.now())
  const reads: string[] = []
  const counted: Rows = {
    ...rows,
    get: (key) => {
      reads.push('get')
      return rows.get(key)
    },
    query: (pk, prefix) => {
      reads.push('query')
      return rows.query(pk, prefix)
    },
  }
  const { url, close } = await servedApi(storesOver(counted, systemClock))
  try {
    const ms = await median(TRIES, () => listOf(url))
    const perList = reads.length / TRIES
    const listed = await listOf(url)

    t.diagnostic(`median of ${TRIES}: ${ms.toFixed(0)} ms`)
    assert.equal(Object.keys(listed).length, CONNECTORS)
    assert.ok(Object.values(listed).every(({ status }) => status.tasks.length === 3))
    assert.deepEqual([...new Set(reads)], ['query'])
    assert.equal(perList, CONNECTORS + LIST_SHARDS)
  } finally {
    await close()
  }
})
