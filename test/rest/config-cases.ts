/** Cases of configuration checks as a Kafka Connect worker answered them, and how our answers are held against them. */
import { readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { fileStreamSink } from '../../lib/connectors/file-stream-sink.ts'
import { fileStreamSource } from '../../lib/connectors/file-stream-source.ts'
import type { Plugin } from '../../lib/plugin.ts'
import { plugins } from '../../lib/registry.ts'

export type Definition = { readonly name: string }

type Offered = {
  readonly name: string
  readonly value: string | null
  readonly recommended_values: readonly string[]
  readonly errors: readonly string[]
  readonly visible: boolean
}

type Entry = { readonly definition?: Definition | null; readonly value: Offered }

export type Validated = {
  readonly name: string
  readonly error_count: number
  readonly groups: readonly string[]
  readonly configs: readonly Entry[]
}

type Refused = { readonly error_code: number; readonly message?: string }

export type ConfigCase = {
  readonly id: string
  readonly method: 'GET' | 'PUT'
  readonly path: string
  readonly body?: object
  readonly expected: {
    readonly status: number
    readonly body?: Validated | readonly Definition[] | Refused
  }
}

/** Of that worker: the built-in plugins and the FileStream connectors. */
export const workerPlugins: readonly Plugin[] = [
  ...plugins.all.filter(({ name }) => name.startsWith('org.apache.kafka.')),
  fileStreamSource({ stdin: () => Readable.from([]), now: () => 0 }),
  fileStreamSink({ stdout: new Writable() }),
]

type Written = { readonly configs: readonly (Entry | string)[] }

/** With everything put back that the files leave out: a definition like the last of its name, or, under the name alone, a whole entry. */
export function configCases(file: string): ConfigCase[] {
  const text = readFileSync(new URL(`../fixtures/vectors/${file}.jsonl`, import.meta.url), 'utf8')
  const last = new Map<string, Entry>()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => whole(JSON.parse(line) as ConfigCase, last))
}

function whole(one: ConfigCase, last: Map<string, Entry>): ConfigCase {
  const { body } = one.expected
  if (!isValidated(body)) return one
  const configs = (body as Written).configs.map((written) => {
    const before = last.get(typeof written === 'string' ? written : written.value.name)
    const entry = typeof written === 'string' ? before : { ...before, ...written }
    if (!entry) throw new Error(`${one.id}: nothing was written of ${written} before`)
    last.set(entry.value.name, entry)
    return { definition: entry.definition ?? null, value: entry.value }
  })
  return { ...one, expected: { ...one.expected, body: { ...body, configs } } }
}

export const isValidated = (body: unknown): body is Validated =>
  typeof body === 'object' && body !== null && 'configs' in body

/** An answer as far as it is compared. Recommendations may be more than those recorded, `order` is ours alone, a message counts where one is recorded. */
export function comparable(answered: unknown, expected: ConfigCase['expected']['body']): unknown {
  if (isValidated(expected) && isValidated(answered))
    return comparableValidation(answered, expected)
  if (Array.isArray(expected) && Array.isArray(answered)) return answered.map(withoutOrder)
  return hasNoMessage(expected) ? { ...(answered as Refused), message: undefined } : answered
}

const hasNoMessage = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'error_code' in body && !('message' in body)

const comparableValidation = (answered: Validated, expected: Validated): Validated => ({
  ...answered,
  configs: answered.configs.map(({ definition, value }, at) => {
    const recorded = expected.configs[at]?.value.recommended_values ?? []
    return {
      definition: definition ? withoutOrder(definition) : (definition ?? null),
      value: {
        ...value,
        recommended_values: recorded.filter((one) => value.recommended_values.includes(one)),
      },
    }
  }),
})

const withoutOrder = (definition: Definition): Definition => {
  const { order: _, ...rest } = definition as Definition & { readonly order?: number }
  return rest
}
