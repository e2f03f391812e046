import { join } from 'node:path'
import { test } from 'node:test'
import { brought } from '../../infra/stack/brought.ts'
import { program } from '../../infra/stack/programs.ts'
import { assertLife, lifeCycle } from './life-cycle.ts'

const VERSION = '2.3.0'

test("npm's kafka-connect-client leads a connector through its life", async () => {
  const folder = await brought(`clients/kafka-connect-client-npm-${VERSION}`, (cwd) => [
    {
      command: program('npm'),
      args: [
        'install',
        '--prefix',
        '.',
        '--no-audit',
        '--no-fund',
        `kafka-connect-client@${VERSION}`,
      ],
      cwd,
    },
  ])

  const { seen, names } = await lifeCycle({
    command: process.execPath,
    args: [join(import.meta.dirname, 'kafka-connect-client-npm/life-cycle.mjs'), folder],
    cwd: folder,
  })

  assertLife(seen, names, {
    restarted: 204,
    offsets: { offsets: [{ partition: { filename: names.file }, offset: { position: 8 } }] },
  })
})
