import { readFileSync } from 'node:fs'
import { ANSWERS, type Answer, type ConverterCase as Case } from '../../bin/vectors/answers.ts'
import { parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import type { ConfiguredConverter, Converter } from '../../lib/plugin.ts'
import { pluginsOf } from '../../lib/registry.ts'

/** Something to answer, and what Kafka Connect answered. */
export type Recorded<C> = C & { readonly id: string; readonly expected: Answer }

export type ConverterCase = Recorded<Case>

/** The cases of a file of test/fixtures/vectors, one a line. */
export const casesOf = <C>(file: string): C[] =>
  readFileSync(new URL(`../fixtures/vectors/${file}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    // The files are ours, and written in the notation of lib/data/notation.ts.
    .map((line) => JSON.parse(line) as C)

export function configured(
  plugin: Converter,
  config: RawConfig = {},
  position: 'key' | 'value' | 'header' = 'value',
): ConfiguredConverter {
  const parsed = parseConfig(plugin.config, { ...config, 'converter.type': position })
  return plugin.configure(parsed, position)
}

/** What our converter answers to a case. */
export const answerOf = (plugin: Converter, one: ConverterCase): Answer =>
  ANSWERS.converters(one, pluginsOf([plugin]))
