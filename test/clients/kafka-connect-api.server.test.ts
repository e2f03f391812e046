import assert from 'node:assert/strict'
import { test } from 'node:test'
import { python3, pythonWith } from '../../infra/stack/python.ts'
import { skipWithout } from '../skip-without.ts'
import { lifeCycle, PLUGIN } from './life-cycle.ts'

test("PyPI's kafka-connect-api leads a connector through its life", async (t) => {
  if (await skipWithout([python3], t)) return
  const python = await pythonWith('kafka-connect-api-0.5.10', ['kafka-connect-api==0.5.10'])

  const { seen, names } = await lifeCycle({
    command: python,
    args: ['kafka-connect-api/life-cycle.py'],
    cwd: import.meta.dirname,
  })

  const { connector, topic } = names
  const running = ['RUNNING', 'RUNNING']
  assert.deepEqual(seen, {
    version: '4.3.1',
    plugin: PLUGIN,
    unknown: [404, `Connector ${connector} not found`],
    running,
    existed: true,
    taken: [409, `Connector ${connector} already exists`],
    listed: true,
    class: PLUGIN.class,
    tasks: [[`${connector}.0`, topic]],
    task: [0, true],
    updated: '7',
    restarted: running,
    paused: ['PAUSED', 'PAUSED'],
    resumed: running,
    cycled: running,
    deleted: [],
  })
})
