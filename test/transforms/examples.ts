/** A transform's own examples, and records to apply one to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig, type RawConfig } from '../../lib/config/config-def.ts'
import type { ConnectRecord, SourceRecord } from '../../lib/data/record.ts'
import type { ConfiguredTransform, Example, Transform } from '../../lib/plugin.ts'

/** One test an example. `variants` are the transform alone, or its `$Key` and its `$Value`. */
export function testExamples(variants: readonly Transform[], examples: readonly Example[]): void {
  for (const { title, on = 'Value', config, have, want } of examples)
    test(title, () => {
      const transform = variants.find(({ name }) => name.endsWith(`$${on}`)) ?? variants[0]
      assert.ok(transform)
      const record = recordOf(have)

      const changed = configured(transform, config).apply(record)

      assert.deepEqual(changed, want === null ? null : { ...record, ...Object(want) })
    })
}

export const configured = (transform: Transform, config: RawConfig): ConfiguredTransform =>
  transform.configure(parseConfig(transform.config, config))

/** A source record; what is left out is null, its topic `orders`. */
export const recordOf = (have: Partial<ConnectRecord>): SourceRecord => ({
  topic: 'orders',
  partition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: null,
  timestamp: null,
  headers: [],
  ...have,
  sourcePartition: {},
  sourceOffset: {},
})
