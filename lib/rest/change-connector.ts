import { ConflictError, messageOf } from '../errors.ts'
import type { ConnectorRow } from '../ports.ts'
import { findConnector } from './connector-view.ts'
import type { Api } from './http.ts'

const MAX_TRIES = 5
const RETRY_DELAY_MS = 20

/**
 * Reads, changes, writes, and begins again when somebody else was first. The change may be called several times;
 * undefined leaves the row as it is. @throws what `missing` gives when there is no such connector.
 */
export async function changeConnector(
  name: string,
  api: Api,
  steps: {
    readonly change: (row: ConnectorRow) => ConnectorRow | undefined
    readonly missing: () => Error
  },
): Promise<ConnectorRow> {
  const changed = await untilWritten(api, async () => {
    const row = await findConnector(name, api)
    if (!row) throw steps.missing()
    const next = steps.change(row)
    return next ? api.ports.configs.put(next, row.revision) : row
  })
  await nudge(name, api)
  return changed
}

/** Begins again when `write` throws ConflictError. @throws ConflictError with Kafka Connect's text after a few times. */
export async function untilWritten<T>({ ports }: Api, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      await ports.clock.sleep(RETRY_DELAY_MS * tries)
    }
  }
  throw new ConflictError(
    'Cannot complete request momentarily due to stale configuration (typically caused by a concurrent config change)',
  )
}

/** Who watches the log sees what was asked for, and the lines of what became of it after that. */
export function tellChange(connector: string, what: string, { ports }: Api): void {
  ports.log.info(`Connector ${what}`, { connector })
}

/** Has the coordinator look at once. The row is written already, so a nudge that fails costs time until the next tick. */
export async function nudge(connector: string, { ports }: Api): Promise<void> {
  try {
    await ports.invoker.coordinator({ connector })
  } catch (error) {
    ports.log.warn(
      `Nudging the coordinator failed, its next tick goes on from there: ${messageOf(error)}`,
      { connector, error },
    )
  }
}
