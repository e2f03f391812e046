import { setTimeout as sleep } from 'node:timers/promises'
import { STEPS, type Step, type Until } from './steps.ts'

/** What was asked and what came back, with this run's own names taken out again. */
export type Exchange = {
  readonly step: Step
  readonly status: number
  /** those that matter: content-type, location, allow */
  readonly headers: Readonly<Record<string, string>>
  /** JSON where the answer says so, else text */
  readonly body: unknown
}

/** This run's own names, by their placeholder: `{dir}`, `{run}`, `{url}`. */
export type Names = Readonly<Record<string, string>>

const PATIENCE_MS = 20_000
const PAUSE_MS = 20

/** Plays the session to the worker at this URL, one request after another. What does not settle in time stays as it was answered last. */
export async function play(url: string, names: Names): Promise<Exchange[]> {
  const exchanges: Exchange[] = []
  for (const step of STEPS) exchanges.push(await settled(url, step, names))
  return exchanges
}

async function settled(url: string, step: Step, names: Names): Promise<Exchange> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const exchange = await ask(url, step, names)
    const isDone = !step.until || isMet(step.until, exchange) || isRefused(exchange)
    if (isDone || performance.now() > until) return exchange
    await sleep(PAUSE_MS)
  }
}

/** By the framework itself: waiting changes nothing. */
const isRefused = ({ headers, status }: Exchange): boolean =>
  status > 400 && !('content-type' in headers)

async function ask(url: string, step: Step, names: Names): Promise<Exchange> {
  const body = bodyOf(step)
  const answer = await fetch(url + filled(step.path, names), {
    method: step.method,
    headers: {
      ...(body === undefined || body === '' ? {} : { 'content-type': 'application/json' }),
      ...step.headers,
    },
    ...(body === undefined ? {} : { body: Buffer.from(filled(body, names)) }),
  })
  const own = { ...names, '{url}': url, '{worker}': new URL(url).host }
  const text = unmoved(emptied(await answer.text(), own), body ?? '', names)
  const headers = ['content-type', 'location', 'allow'].flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, emptied(value, own)] as const]
  })
  return {
    step,
    status: answer.status,
    headers: Object.fromEntries(headers),
    body: parsed(text),
  }
}

const bodyOf = ({ body }: Step): string | undefined =>
  body === undefined || typeof body === 'string' ? body : JSON.stringify(body)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const filled = (text: string, names: Names): string =>
  Object.entries(names).reduce((all, [name, value]) => all.replaceAll(name, value), text)

const emptied = (text: string, names: Names): string =>
  Object.entries(names).reduce((all, [name, value]) => all.replaceAll(value, name), text)

/** Columns of a body in which names were filled in become those of the body as the step has it. */
const unmoved = (answer: string, body: string, names: Names): string =>
  answer.replace(/(line: 1, column: )(\d+)/g, (_, before: string, column: string) => {
    const upTo = bytesOf(filled(body, names)).subarray(0, Number(column) - 1)
    return before + (bytesOf(emptied(upTo.toString(), names)).length + 1)
  })

const bytesOf = (text: string): Buffer => Buffer.from(text)

type Shown = {
  readonly level?: string
  readonly connector?: { readonly state: string }
  readonly tasks?: readonly { readonly state: string }[]
}

export function isMet(until: Until, { status, body }: Exchange): boolean {
  if ('status' in until) return status === until.status
  if (status !== 200) return false
  if ('entries' in until) return entriesOf(body) === until.entries
  const { connector, tasks = [], level } = body as Shown
  if ('level' in until) return level === until.level
  return [connector?.state, ...tasks.map(({ state }) => state)].join() === until.states.join()
}

/** An array may lie at any depth: `{"offsets": […]}`, `{"c": {"topics": […]}}`. */
function entriesOf(body: unknown): number | undefined {
  if (Array.isArray(body)) return body.length
  if (typeof body !== 'object' || body === null) return undefined
  return Object.values(body)
    .map(entriesOf)
    .find((count) => count !== undefined)
}
