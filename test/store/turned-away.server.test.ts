import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ConnectError, FencedError, isRetriable, RetriableError } from '../../lib/errors.ts'
import { dynamodbClient } from '../../lib/store/dynamodb-client.ts'
import { dynamodbRows } from '../../lib/store/dynamodb-rows.ts'
import { storesOver } from '../../lib/store/stores.ts'
import { newName, TTL_MS, taken } from '../contract/made-stores.ts'
import { faultyDynamodb } from './faulty-dynamodb.ts'
import type { Fault } from './unreliable-proxy.ts'

const { clock, direct, throughProxy, proxy, spoil } = faultyDynamodb()

const set = { generation: 1, version: 1, configs: [{ a: 'b' }, { a: 'c' }] }
const offset = { partition: { table: 't' }, offset: { id: 1n } }

const cancelled = (...codes: string[]): Fault => ({
  status: 400,
  answer: {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    Message: `Transaction cancelled, specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => ({ Code, Message: Code === 'None' ? null : 'why' })),
  },
})
const refused = (kind: string): Fault => ({
  status: 400,
  answer: { __type: `com.amazonaws.dynamodb.v20120810#${kind}`, message: 'why' },
})

suite('a DynamoDB that turns calls away', () => {
  const passing: readonly { title: string; fault: Fault }[] = [
    { title: 'another transaction', fault: cancelled('TransactionConflict', 'None') },
    { title: 'a throttled transaction', fault: cancelled('None', 'ThrottlingError') },
    { title: 'a hot partition', fault: cancelled('ProvisionedThroughputExceeded', 'None') },
    { title: 'the same transaction', fault: refused('TransactionInProgressException') },
    { title: 'throttling', fault: refused('ProvisionedThroughputExceededException') },
  ]
  for (const { title, fault } of passing) {
    test(`a commit that meets ${title} takes place after it`, async () => {
      const lease = await taken(direct, { connector: newName() })
      spoil(fault, 2)

      await throughProxy().offsets.commit(lease, [offset])

      assert.equal(proxy().faults, 2)
      assert.deepEqual(await direct.offsets.read(lease.connector), [offset])
    })
  }

  test('a renewal that meets a commit takes place after it', async () => {
    const lease = await taken(direct, { connector: newName() })
    spoil(refused('TransactionConflictException'), 2)

    await throughProxy().leases.renew(lease, TTL_MS)

    assert.equal(proxy().faults, 2)
  })

  const lasting: readonly { title: string; fault: Fault; kind: typeof ConnectError }[] = [
    {
      title: 'conflicts that do not end',
      fault: cancelled('TransactionConflict', 'None'),
      kind: RetriableError,
    },
    {
      title: 'a lost condition beside a conflict',
      fault: cancelled('ConditionalCheckFailed', 'TransactionConflict'),
      kind: FencedError,
    },
    {
      title: 'an invalid change beside a conflict',
      fault: cancelled('TransactionConflict', 'ValidationError'),
      kind: ConnectError,
    },
    { title: 'no access', fault: refused('AccessDeniedException'), kind: ConnectError },
    { title: 'no such table', fault: refused('ResourceNotFoundException'), kind: ConnectError },
  ]
  for (const { title, fault, kind } of lasting)
    test(`a commit that meets ${title} is told as ${kind.name}`, async () => {
      const lease = await taken(direct, { connector: newName() })
      spoil(fault, Number.POSITIVE_INFINITY)

      await assert.rejects(throughProxy().offsets.commit(lease, [offset]), (error: unknown) => {
        assert.equal(error?.constructor, kind, String(error))
        return true
      })

      assert.deepEqual(await direct.offsets.read(lease.connector), [])
    })

  test('an item that is handed back by a batch is sent again', async () => {
    const connector = newName()
    proxy().fault = (call, { RequestItems }) =>
      call === 'BatchWriteItem' && proxy().faults < 2
        ? { status: 200, answer: { UnprocessedItems: RequestItems } }
        : undefined

    await throughProxy().tasks.publish(connector, set, undefined)

    assert.equal(proxy().faults, 2)
    assert.deepEqual(await direct.tasks.read(connector), set)
  })

  test('a server that is not there is retriable', async () => {
    const nowhere = dynamodbClient('http://127.0.0.1:1')
    const { leases, configs } = storesOver(dynamodbRows(nowhere, 'a table'), clock)

    for (const call of [() => configs.get('a'), () => leases.list('a')])
      await assert.rejects(call(), (error: unknown) => isRetriable(error))
    nowhere.destroy()
  })
})
