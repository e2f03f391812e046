import { test } from 'node:test'
import { python3, pythonWith } from '../../infra/stack/python.ts'
import { skipWithout } from '../skip-without.ts'
import { assertLife, lifeCycle } from './life-cycle.ts'

test("PyPI's kafka-connect-py leads a connector through its life", async (t) => {
  if (await skipWithout([python3], t)) return
  const python = await pythonWith('kafka-connect-py-1.0.0', ['kafka-connect-py==1.0.0'])

  const { seen, names } = await lifeCycle({
    command: python,
    args: ['kafka-connect-py/life-cycle.py'],
    cwd: import.meta.dirname,
  })

  assertLife(seen, names)
})
