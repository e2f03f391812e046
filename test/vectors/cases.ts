import { readFileSync } from 'node:fs'
import { parseConfig } from '../../lib/config/config-def.ts'
import {
  type DataNotation,
  readData,
  readSchema,
  readValue,
  type SchemaNotation,
  type ValueNotation,
  writeData,
  writeSchema,
  writeValue,
} from '../../lib/data/notation.ts'
import type { ConfiguredConverter, Converter } from '../../lib/plugin.ts'

export type ConverterCase = {
  readonly id: string
  readonly class: string
  readonly op: 'fromConnectData' | 'toConnectData'
  readonly isKey?: boolean
  readonly config: Readonly<Record<string, string>>
  readonly schema?: SchemaNotation
  readonly value?: ValueNotation
  readonly data?: DataNotation
  readonly expected: Answer
}

export type Answer =
  | { readonly data: DataNotation }
  | { readonly schema: SchemaNotation; readonly value: ValueNotation }
  | { readonly error: { readonly class: string; readonly message?: string | null } }

/** The cases of a file of test/fixtures/vectors, one a line. */
export const casesOf = <C>(file: string): C[] =>
  readFileSync(new URL(`../fixtures/vectors/${file}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    // The files are ours, and written in the notation of lib/data/notation.ts.
    .map((line) => JSON.parse(line) as C)

export function configured(
  plugin: Converter,
  config: Readonly<Record<string, string>> = {},
  position: 'key' | 'value' = 'value',
): ConfiguredConverter {
  const parsed = parseConfig(plugin.config, { ...config, 'converter.type': position })
  return plugin.configure(parsed, position)
}

/** What our converter answers to a case. */
export function answerOf(plugin: Converter, one: ConverterCase): Answer {
  try {
    const converter = configured(plugin, one.config, one.isKey ? 'key' : 'value')
    return one.op === 'toConnectData' ? decoded(converter, one) : encoded(converter, one)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { error: { class: error.name, message: error.message } }
  }
}

function encoded(converter: ConfiguredConverter, { schema, value }: ConverterCase): Answer {
  const around = readSchema(schema ?? null)
  return {
    data: writeData(converter.fromConnect('topic', around, readValue(value ?? null, around))),
  }
}

/** Twice, since a second message of the same schema is read in another way. */
function decoded(converter: ConfiguredConverter, { data }: ConverterCase): Answer {
  converter.toConnect('topic', readData(data ?? null))
  const { schema, value } = converter.toConnect('topic', readData(data ?? null))
  return { schema: writeSchema(schema), value: writeValue(value, schema) }
}
