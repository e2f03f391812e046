import { isDeepStrictEqual } from 'node:util'
import type { Exchange } from './play.ts'

export type Difference = {
  readonly at: number
  readonly request: string
  readonly recorded: unknown
  readonly answered: unknown
}

/** Where two plays of the session differ in status, in headers that matter or in JSON. */
export function differences(
  recorded: readonly Exchange[],
  answered: readonly Exchange[],
): Difference[] {
  return recorded.flatMap((one, at) => {
    const other = answered[at]
    if (other && isDeepStrictEqual(essenceOf(one), essenceOf(other))) return []
    const { method, path, body } = one.step
    const request = `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`
    return { at, request, recorded: essenceOf(one), answered: other && essenceOf(other) }
  })
}

function essenceOf({ status, headers, body }: Exchange): unknown {
  const isHtml = headers['content-type']?.startsWith('text/html')
  const { allow, ...others } = headers
  return {
    status,
    headers: {
      ...others,
      ...(allow === undefined ? {} : { allow: sorted(allow) }),
    },
    // The HTTP server's own page is made for eyes.
    body: isHtml ? 'a page' : essential(status === 200 && allow ? sorted(String(body)) : body),
  }
}

const sorted = (methods: string): string => methods.split(/, ?/).sort().join()

/** What may differ from run to run is taken away, and what we say beyond Kafka Connect. */
function essential(value: unknown): unknown {
  if (Array.isArray(value)) return byId(value.map(essential))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value)
  const names = new Set(members.map(([name]) => name))
  const known = names.has('state') && names.has('worker_id') ? STATUS : undefined
  const top = names.has('connector') && names.has('tasks') ? CONNECTOR : undefined
  const beyond = names.has('order_in_group') ? ['order'] : []
  return Object.fromEntries(
    members
      .filter(([name]) => ((known ?? top)?.includes(name) ?? true) && !beyond.includes(name))
      .map(([name, member]) => [name, essentialMember(name, member)]),
  )
}

const STATUS = ['id', 'state', 'worker_id', 'version', 'trace']
const CONNECTOR = ['name', 'connector', 'tasks', 'type']

function essentialMember(name: string, member: unknown): unknown {
  if (['kafka_cluster_id', 'last_modified'].includes(name)) return typeof member
  if (name === 'trace') return String(member).split('\n')[0]
  // Which plugins there are is each worker's own.
  if (name === 'message') return String(member).replace(/(available connectors are: ).*/s, '$1…')
  if (name === 'recommended_values') return 'as installed'
  return essential(member)
}

const isTask = (value: unknown): value is { readonly id: number } =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number'

/** Names and topics come in no order, the tasks of a restart's plan neither. */
function byId(values: readonly unknown[]): readonly unknown[] {
  if (values.every((value) => typeof value === 'string')) return [...values].sort()
  return values.every(isTask) ? [...values].sort((one, other) => one.id - other.id) : values
}
