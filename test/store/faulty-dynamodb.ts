import { after, before, beforeEach } from 'node:test'
import { addresses } from '../../infra/stack/addresses.ts'
import { dynamodbClient } from '../../lib/store/dynamodb-client.ts'
import { dynamodbRows } from '../../lib/store/dynamodb-rows.ts'
import { type Stores, storesOver } from '../../lib/store/stores.ts'
import { testClock } from '../contract/made-stores.ts'
import { dynamodbTable } from './dynamodb-table.ts'
import { type Fault, type UnreliableProxy, unreliableProxy } from './unreliable-proxy.ts'

/** A table of one test file's own, reached through a proxy that spoils calls, and past it. Call it outside of any test. */
export function faultyDynamodb() {
  const table = dynamodbTable()
  const clock = testClock()
  let proxy: UnreliableProxy
  let client: ReturnType<typeof dynamodbClient>
  let stores: Stores

  before(async () => {
    await table.create()
    proxy = await unreliableProxy(addresses().aws.endpoint)
    client = dynamodbClient(proxy.url)
    stores = storesOver(dynamodbRows(client, table.name), clock)
  })
  beforeEach(() => {
    proxy.fault = () => undefined
    proxy.faults = 0
  })
  after(async () => {
    client.destroy()
    await proxy.close()
    await table.remove()
  })

  return {
    clock,
    direct: storesOver(dynamodbRows(table.client, table.name), clock),
    throughProxy: () => stores,
    proxy: () => proxy,
    /** Of the writes to come. */
    spoil(fault: Fault, count: number) {
      let left = count
      proxy.fault = (call) => (/Write|Update/.test(call) && left-- > 0 ? fault : undefined)
    },
  }
}
