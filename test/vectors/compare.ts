import type { Answer } from '../../bin/vectors/answers.ts'
import { readData, type SchemaNotation, type ValueNotation } from '../../lib/data/notation.ts'
import type { RecordNotation } from '../../lib/data/record-notation.ts'

/** Where Java only stumbles, any error of ours is right. */
const STUMBLES: ReadonlySet<string> = new Set([
  'NullPointerException',
  'ClassCastException',
  'IndexOutOfBoundsException',
  'NumberFormatException',
  'ArithmeticException',
  'UnsupportedOperationException',
])

const MESSAGE_COUNTS: ReadonlySet<string> = new Set(['ConfigException', 'DataException'])

/** What is left of an answer once all that may differ is taken away: equal texts are equal answers. */
export function essenceOf(answer: Answer, expected: Answer): string {
  return JSON.stringify(essential(answer, expected))
}

function essential(answer: Answer, expected: Answer): unknown {
  if ('error' in answer) return { error: essentialError(answer.error, expected) }
  if ('data' in answer) return { data: readData(answer.data)?.toString('latin1') ?? null }
  if ('record' in answer) return { record: answer.record && essentialRecord(answer.record) }
  return 'value' in answer ? { datum: essentialDatum(answer) } : answer
}

type Failure = Extract<Answer, { error: unknown }>

function essentialError(error: Failure['error'], expected: Answer): unknown {
  if (!('error' in expected)) return error
  if (STUMBLES.has(expected.error.class)) return 'any error'
  const messageCounts = MESSAGE_COUNTS.has(error.class) && expected.error.message != null
  return messageCounts ? [error.class, error.message] : [error.class]
}

const essentialRecord = (record: RecordNotation): unknown => ({
  topic: record.topic ?? null,
  partition: record.partition ?? null,
  offset: record.offset ?? null,
  timestamp: record.timestamp ?? null,
  key: essentialDatum(record.key),
  value: essentialDatum(record.value),
  headers: (record.headers ?? []).map((header) => [header.key, essentialDatum(header)]),
})

const essentialDatum = (datum: RecordNotation['key']): unknown => [
  essentialSchema(datum?.schema),
  essentialValue(datum?.value ?? null),
]

function essentialSchema(schema: SchemaNotation | undefined): unknown {
  if (schema == null) return null
  return [
    schema.type,
    schema.optional ?? false,
    schema.name ?? null,
    schema.version ?? null,
    schema.doc ?? null,
    Object.entries(schema.parameters ?? {}).sort(),
    essentialValue(schema.default ?? null),
    (schema.fields ?? []).map(({ name, schema: field }) => [name, essentialSchema(field)]),
    essentialSchema(schema.keys),
    essentialSchema(schema.values),
  ]
}

/** Numbers by worth and type, maps in any order, a struct's nulls left out. */
function essentialValue(value: ValueNotation): unknown {
  if (value === null) return null
  if ('float32' in value) return ['float32', floatEssence(Math.fround(Number(value.float32)))]
  if ('float64' in value) return ['float64', floatEssence(Number(value.float64))]
  if ('int64' in value) return ['int64', String(value.int64)]
  if ('list' in value) return ['list', value.list.map(essentialValue)]
  if ('map' in value)
    return ['map', value.map.map((pair) => JSON.stringify(pair.map(essentialValue))).sort()]
  if (!('struct' in value)) return value
  const members = Object.entries(value.struct).filter(([, member]) => member !== null)
  const essence = members.map(([name, member]) => [name, essentialValue(member)]).sort()
  return ['struct', essence, essentialSchema(value.schema)]
}

const floatEssence = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))
