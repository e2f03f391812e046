import type { TestContext } from 'node:test'
import { missingOf } from '../infra/stack/brought.ts'
import type { Program } from '../infra/stack/service.ts'

/** Says which programs of a client's language are not on this machine and cannot be brought. */
export async function skipWithout(programs: readonly Program[], t: TestContext): Promise<boolean> {
  const missing = await missingOf(programs)
  if (missing.length === 0) return false
  t.skip(`needs ${missing.map(({ command }) => command).join(' and ')}`)
  return true
}
