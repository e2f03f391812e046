import { connectorJson, ok, statusJson } from './answers.ts'
import { type ConnectorView, viewConnector } from './connector-view.ts'
import type { Answer, Api, Call } from './http.ts'
import { maskingOf } from './secrets.ts'
import { type Seen, shownConnector } from './shown-status.ts'
import { seenBy } from './status.ts'

/** Names; with `expand`, whatever it asks for, a map by name. */
export async function listConnectors({ api, query }: Call): Promise<Answer> {
  const names = (await api.ports.configs.list()).sort()
  const expand = query.getAll('expand')
  if (!query.has('expand')) return ok(names)
  const entries: [string, object][] = []
  for (let from = 0; from < names.length; from += AT_ONCE)
    entries.push(...(await expanded(names.slice(from, from + AT_ONCE), expand, api)))
  return ok(Object.fromEntries(entries))
}

/** How many connectors are read at the same time. */
const AT_ONCE = 25

async function expanded(
  names: readonly string[],
  expand: readonly string[],
  api: Api,
): Promise<[string, object][]> {
  const views = await Promise.all(names.map((name) => viewConnector(name, api)))
  const seen = await seenBy(api)
  return views.flatMap((view) => {
    const entry = view && entryOf(view, expand, seen, api)
    return entry ? [[view.row.name, entry]] : []
  })
}

/** Undefined when a status is asked for and there is none yet: Kafka Connect leaves such a connector out. */
function entryOf(
  view: ConnectorView,
  expand: readonly string[],
  seen: Seen,
  api: Api,
): object | undefined {
  const { row, tasks } = view
  const wantsStatus = expand.includes('status')
  const shown = shownConnector(view, seen)
  if (wantsStatus && !shown) return undefined
  return {
    ...(wantsStatus && shown && { status: statusJson(row, shown, api.plugins) }),
    ...(expand.includes('info') && { info: connectorJson(row, tasks, maskingOf(api)) }),
  }
}
