import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateConfig } from '../../lib/config/config-def.ts'
import { examples, insertHeader } from '../../lib/transforms/insert-header.ts'
import { testRecorded } from '../vectors/record-vectors.ts'
import { testExamples } from './examples.ts'

testExamples([insertHeader], examples)
testRecorded('transforms', ['InsertHeader'])

test('a literal that is missing is told of twice, as Kafka Connect does', () => {
  const [, literal] = validateConfig(insertHeader.config, { header: 'h' })

  assert.deepEqual(literal?.errors, [
    'Missing required configuration "value.literal" which has no default value.',
    'Invalid value null for configuration value.literal: entry must be non null',
  ])
})
