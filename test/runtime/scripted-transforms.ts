import type { ConnectRecord } from '../../lib/data/record.ts'
import { DataError, RetriableError } from '../../lib/errors.ts'
import { predicate, transform } from '../../lib/plugin.ts'

const declared = { version: '1', doc: 'For tests.', config: {} } as const

/** Takes no record whose value begins so, for as many attempts as `left` says. */
export const flaky = (left: number) => {
  const failures = { count: 0, left }
  const plugin = transform({
    ...declared,
    name: 'test.Flaky',
    configure: () => ({
      apply(record) {
        if (!String(record.value).startsWith('flaky') || failures.left-- <= 0) return record
        failures.count++
        throw new RetriableError('not now')
      },
    }),
  })
  return { plugin, failures }
}

/** Adds text to a value: what was applied, in its order. */
export const mark = transform({
  ...declared,
  name: 'test.Mark',
  config: { text: { type: 'string', importance: 'high', doc: 'What is added.' } },
  configure: ({ text }) => ({
    apply: <R extends ConnectRecord>(record: R): R => ({
      ...record,
      value: `${record.value}${text}`,
    }),
  }),
})

export const drop = transform({
  ...declared,
  name: 'test.Drop',
  configure: () => ({ apply: () => null }),
})

export const refuse = transform({
  ...declared,
  name: 'test.Refuse',
  configure: () => ({
    apply(record) {
      throw new DataError(`refused ${record.value}`)
    },
  }),
})

/** Gives another topic, a header and a key. */
export const route = transform({
  ...declared,
  name: 'test.Route',
  configure: () => ({
    apply: <R extends ConnectRecord>(record: R): R => ({
      ...record,
      topic: 'routed',
      key: 'other key',
      headers: [...record.headers, { key: 'h', schema: null, value: 'one' }],
    }),
  }),
})

export const isBad = predicate({
  ...declared,
  name: 'test.IsBad',
  config: { word: { type: 'string', importance: 'high', default: 'bad', doc: 'What is bad.' } },
  configure: ({ word }) => ({ test: (record) => String(record.value).includes(word) }),
})

export const TRANSFORMS = [mark, drop, refuse, route, isBad]

/** `mark:a` is the transform Mark with text a; `?bad` after it: for bad values alone, `?!bad`: for all others. */
export function chainOf(...steps: readonly string[]): Record<string, string> {
  const aliases = steps.map((_, at) => `s${at}`)
  const config: Record<string, string> = {
    transforms: aliases.join(','),
    predicates: 'bad',
    'predicates.bad.type': isBad.name,
  }
  for (const [at, step] of steps.entries()) {
    const [, name = '', text, condition] = /^(\w+)(?::(\w+))?(\?!?)?$/.exec(step) ?? []
    config[`transforms.s${at}.type`] = `test.${name}`
    if (text !== undefined) config[`transforms.s${at}.text`] = text
    if (condition !== undefined) config[`transforms.s${at}.predicate`] = 'bad'
    if (condition === '?!') config[`transforms.s${at}.negate`] = 'true'
  }
  return config
}
