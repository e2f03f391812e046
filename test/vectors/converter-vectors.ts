/** Recorded cases of one converter, one test a case. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Converter } from '../../lib/plugin.ts'
import { answerOf, type ConverterCase, casesOf } from './cases.ts'
import { essenceOf } from './compare.ts'

/** `file` is the name of test/fixtures/vectors without `.jsonl`. */
export function testRecordedConverter(file: string, plugin: Converter): void {
  for (const one of casesOf<ConverterCase>(file))
    test(`answers as Kafka Connect: ${one.id}`, () => {
      const answer = answerOf(plugin, one)

      assert.equal(essenceOf(answer, one.expected), essenceOf(one.expected, one.expected))
    })
}
