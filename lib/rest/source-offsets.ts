import type { OffsetChange } from '../data/record.ts'
import type { SourceConnector } from '../plugin.ts'
import { judged, stopped } from './altering.ts'
import { untilWritten } from './change-connector.ts'
import type { Api } from './http.ts'

/** Whether the connector says that this is all there is to do. */
export async function alterSourceOffsets(
  name: string,
  connector: SourceConnector,
  changes: readonly OffsetChange[] | 'forget all',
  api: Api,
): Promise<boolean> {
  await tasksEnded(name, api)
  const { offsets } = api.ports
  return untilWritten(api, async () => {
    const row = await stopped(name, api)
    const asked = changes === 'forget all' ? await forgettingAll(name, api) : changes
    const isAll = judged(connector, row, asked, api)
    await offsets.alter(name, row.revision, changes)
    return isAll
  })
}

async function forgettingAll(name: string, { ports }: Api): Promise<OffsetChange[]> {
  const stored = await ports.offsets.read(name)
  return stored.map(({ partition }) => ({ partition, offset: null }))
}

const LOOKS = 20
const LOOK_AGAIN_MS = 250

/** Tasks see within a second that their connector is stopped, and give their leases back; those that do not in 5 s are fenced. */
async function tasksEnded(name: string, { ports }: Api): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const leases = await ports.leases.list(name)
    const now = ports.clock.now()
    if (!leases.some(({ released, expiresAt }) => !released && expiresAt > now)) return
    await ports.clock.sleep(LOOK_AGAIN_MS)
  }
}
