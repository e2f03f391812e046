import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type MappingFront, startMappingFront } from '../../lib/local/mapping-front/front.ts'
import { addresses } from '../stack/addresses.ts'
import { stackDir } from '../stack/records.ts'
import { REGION, ROOT } from './signed-request.ts'

/** What stands for Lambda's Kafka pollers; as strict and as slow as AWS. */
export type Front = {
  readonly url: string
  /** As after a crash: its state is what the file says. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** ms that a mapping is on its way from one state to the next; AWS takes up to a minute. */
const DELAYS_MS = {
  Creating: 2_000,
  Enabling: 1_500,
  Disabling: 1_500,
  Updating: 1_000,
  Deleting: 3_000,
}
const CALLS_PER_SECOND = 15

export async function startFront(port: number, upstream: string): Promise<Front> {
  const stateFile = join(stackDir, 'e2e', 'mappings.json')
  rmSync(stateFile, { force: true })
  const start = () =>
    startMappingFront({
      kafkaBootstrap: addresses().kafka['bootstrap.servers'],
      upstream,
      port,
      stateFile,
      delaysMs: DELAYS_MS,
      callsPerSecond: CALLS_PER_SECOND,
      region: REGION,
      credentials: ROOT,
      log: QUIET,
    })
  let front: MappingFront = await start()
  return {
    url: front.url,
    async restart() {
      await front.close()
      front = await start()
    },
    close: () => front.close(),
  }
}

const QUIET = { info() {}, warn() {}, error() {} }
