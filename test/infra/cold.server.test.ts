import assert from 'node:assert/strict'
import { test } from 'node:test'
import { benchCold } from '../../infra/bench/cold.ts'

test('the bench of cold starts measures each function over an empty handler, with its size and memory', async () => {
  const figures = await benchCold({ rows: 1, rounds: 1 })

  for (const name of ['api', 'coordinator', 'source', 'sink']) {
    const of = (figure: string) => figures[`${name}_${figure}`] ?? Number.NaN
    assert.ok(of('loading_ms') > 0, `${name} loads nothing`)
    assert.ok(
      of('first_over_second_ms') > of('loading_ms') / 2,
      `${name}: ${JSON.stringify(figures)}`,
    )
    assert.ok(of('peak_rss_mb') > 40 && of('peak_rss_mb') < 256)
    assert.ok(of('start_kb') > 100 && of('start_kb') < of('bundle_kb'))
    assert.ok(of('bundle_gzip_kb') < of('bundle_kb'))
  }
  assert.ok((figures['empty_init_ms'] ?? 0) > 10)
})
