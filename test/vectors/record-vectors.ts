/** Recorded cases of transforms and predicates, one test a case. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ANSWERS, type RecordCase } from '../../bin/vectors/answers.ts'
import { plugins } from '../../lib/registry.ts'
import { casesOf, type Recorded } from './cases.ts'
import { essenceOf } from './compare.ts'

/** `files` are the names of test/fixtures/vectors without `.jsonl`. */
export function testRecorded(kind: 'transforms' | 'predicates', files: readonly string[]): void {
  for (const file of files)
    for (const one of casesOf<Recorded<RecordCase>>(file))
      test(`${one.id}: ${one.class} answers as recorded`, () => {
        const answer = ANSWERS[kind](one, plugins)

        assert.equal(
          essenceOf(answer, one.expected),
          essenceOf(one.expected, one.expected),
          `config ${JSON.stringify(one.config)} answered ${JSON.stringify(answer)}`,
        )
      })
}
