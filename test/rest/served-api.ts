/** The API function over HTTP, with whatever rows there are. */
import assert from 'node:assert/strict'
import { apiHandler } from '../../functions/api.ts'
import { httpServer } from '../../lib/local/http-server.ts'
import { lambdaContext } from '../../lib/local/lambda-context.ts'
import { systemClock } from '../../lib/monitoring/system-clock.ts'
import { plugins } from '../../lib/registry.ts'
import type { Stores } from '../../lib/store/stores.ts'
import { portsForTest } from '../runtime/ports-for-test.ts'

export type ServedApi = { readonly url: string; readonly close: () => Promise<void> }

export async function servedApi(stores: Stores): Promise<ServedApi> {
  const ports = { ...portsForTest({ clock: systemClock }), ...stores }
  const api = apiHandler(async () => ports, plugins)
  const context = lambdaContext('api', { remainingMs: () => 29_000 })
  const answer = (event: Parameters<typeof api>[0]) => api(event, context)
  const { address, close } = await httpServer('http://127.0.0.1:0', answer, ports.log)
  return { url: `http://${address.host}:${address.port}`, close }
}

export type Listed = Record<
  string,
  {
    readonly status: { readonly tasks: readonly { readonly state: string }[] }
    readonly info: { readonly config: Record<string, string>; readonly tasks: readonly object[] }
  }
>

export async function listOf(url: string): Promise<Listed> {
  const answer = await fetch(`${url}/connectors?expand=status&expand=info`)
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return JSON.parse(text)
}
