import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
} from '@aws-sdk/client-cloudwatch'
import { addresses } from '../../infra/stack/addresses.ts'
import { cloudwatchDashboards } from '../../lib/cloud/cloudwatch-dashboards.ts'
import { dashboardBody } from '../../lib/cloud/dashboard-body.ts'
import { RetriableError } from '../../lib/errors.ts'

const settings = { region: 'us-east-1', namespace: 'connectless/test', stage: 'test' }

const clientAt = (endpoint: string) =>
  new CloudWatchClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })

test('what is shown stands on the dashboard, in place of what stood there', async (t) => {
  const client = clientAt(addresses().aws.endpoint)
  const name = `connectless-test-${randomUUID().slice(0, 8)}`
  t.after(() => client.send(new DeleteDashboardsCommand({ DashboardNames: [name] })))
  const dashboards = cloudwatchDashboards(client, { ...settings, name })
  const orders = { name: 'orders', kind: 'source', tasks: 1 } as const

  await dashboards.show([orders])
  await dashboards.show([orders, { name: 'Bücher', kind: 'sink', tasks: 2 }])

  const { DashboardBody } = await client.send(new GetDashboardCommand({ DashboardName: name }))
  assert.equal(
    DashboardBody,
    dashboardBody([orders, { name: 'Bücher', kind: 'sink', tasks: 2 }], settings),
  )
})

test('where CloudWatch has no room for the call, the next tick tries again', async (t) => {
  const server = createServer((_, response) => {
    response.writeHead(400, {
      'content-type': 'application/json',
      'x-amzn-query-error': 'Throttling;Sender',
    })
    response.end('{"__type":"ThrottlingException","message":"Rate exceeded"}')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo // of a TCP server
  const dashboards = cloudwatchDashboards(clientAt(`http://127.0.0.1:${port}`), {
    ...settings,
    name: 'full',
  })

  await assert.rejects(dashboards.show([]), (error) => {
    assert.ok(error instanceof RetriableError)
    assert.match(error.message, /^writing the dashboard full: Throttling/)
    return true
  })
})
