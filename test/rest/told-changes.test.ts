import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restWorker } from './rest-worker.ts'

const CONFIG = {
  'connector.class': 'com.github.taven.source.ExampleSourceConnector',
  'database.url': 'jdbc:mysql://db/x',
  'database.username': 'u',
  'database.password': 'p',
  'database.tables': 'orders',
}

test('who watches the log at INFO sees what was asked for, a line each', async () => {
  const { send, told, coordinated } = restWorker()

  await send('POST', '/connectors', { name: 'c', config: CONFIG })
  await coordinated('c', 1)
  const restart = await send('POST', '/connectors/c/tasks/0/restart')
  assert.equal(restart.status, 204, restart.body)
  await send('GET', '/connectors/c/status')
  await send('PUT', '/connectors/c/config', { ...CONFIG, 'tasks.max': '2' })
  await send('PATCH', '/connectors/c/config', { 'tasks.max': '3' })
  await send('PUT', '/connectors/c/pause')
  await send('PUT', '/connectors/c/resume')
  await send('PUT', '/connectors/c/stop')
  await send('DELETE', '/connectors/c')
  await send('DELETE', '/connectors/c')

  assert.deepEqual(told, [
    'Connector created',
    'Connector is to restart its task 0',
    'Connector changed: version 2 of its configuration',
    'Connector changed: version 3 of its configuration',
    'Connector is to be PAUSED',
    'Connector is to be RUNNING',
    'Connector is to be STOPPED',
    'Connector deleted',
  ])
})
