import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NotFoundError } from '../../lib/errors.ts'
import { localAliases, sinkArnOf } from '../../lib/local/aliases.ts'

for (const connector of ['orders', 'a:b', 'Bücher/2026', '注文', ' '])
  test(`the connector "${connector}" is found again from the ARN that it is called by`, async () => {
    const arn = sinkArnOf(connector)

    assert.equal(arn.split(':').length, 8)
    assert.equal(await localAliases.connectorOf(arn), connector)
  })

test('an ARN without an alias is of no connector', async () => {
  const arn = 'arn:aws:lambda:local:000000000000:function:sink'

  await assert.rejects(localAliases.connectorOf(arn), NotFoundError)
  await assert.rejects(localAliases.connectorOf(`${arn}:`), NotFoundError)
})
