import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError, messageOf } from '../errors.ts'
import type { Clock, Leases, Workers } from '../ports.ts'
import type { Rows } from '../store/rows.ts'
import { type Stores, storesOver } from '../store/stores.ts'
import { workerRows } from '../store/worker-rows.ts'

export type OpenStores = Stores & { readonly workers: Workers; readonly close: () => void }

/** `sqlite:<path>` or `dynamodb:<table>`. @throws ConfigError naming `store` when it cannot be opened. */
export async function openStores(store: string, clock: Clock): Promise<OpenStores> {
  const [kind = '', ...rest] = store.split(':')
  const place = rest.join(':')
  try {
    const { rows, close } = kind === 'dynamodb' ? await dynamodb(place) : await sqlite(place)
    return { ...storesOver(rows, clock), workers: workerRows(rows, clock), close }
  } catch (cause) {
    const reason = messageOf(cause)
    throw new ConfigError(`Invalid value ${store} for configuration store: ${reason}`, { cause })
  }
}

type Opened = { readonly rows: Rows; readonly close: () => void }

async function sqlite(path: string): Promise<Opened> {
  const { sqliteRows } = await import('./sqlite-rows.ts')
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const rows = sqliteRows(path)
  return { rows, close: () => rows.close() }
}

/** Region, credentials and endpoint are the SDK's own settings. */
async function dynamodb(table: string): Promise<Opened> {
  const { dynamodbClient } = await import('../store/dynamodb-client.ts')
  const { dynamodbRows } = await import('../store/dynamodb-rows.ts')
  const { createTable } = await import('../store/table.ts')
  const client = dynamodbClient()
  await createTable(client, table)
  return { rows: dynamodbRows(client, table), close: () => client.destroy() }
}

/**
 * Gives back what an earlier process of this very id left behind. It is dead: this one listens on its address now.
 * Only for an id that is the address bound, not one that is merely advertised.
 */
export async function releaseLeasesOf(
  workerId: string,
  { configs, leases }: { readonly configs: Stores['configs']; readonly leases: Leases },
): Promise<void> {
  for (const connector of await configs.list()) {
    const left = (await leases.list(connector)).filter(({ owner }) => owner === workerId)
    for (const lease of left) await leases.release(lease)
  }
}
