import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hourlyAudit } from '../../lib/coordinator/hourly-audit.ts'

test('each connector has its turn once an hour, always at the same minute, and a minute has about a sixtieth', async () => {
  const names = Array.from({ length: 6_000 }, (_, at) => `connector ${at}`)
  const clock = { ms: 1_700_000_000_000, now: () => clock.ms }
  const audit = hourlyAudit(clock)
  const hour = async () => {
    const minutes: (readonly string[])[] = []
    for (let minute = 0; minute < 60; minute++, clock.ms += 60_000)
      minutes.push(await audit(async () => names))
    return minutes
  }

  const [first, second] = [await hour(), await hour()]

  assert.deepEqual(first.flat().sort(), names.toSorted())
  assert.deepEqual(second, first)
  const sizes = first.map(({ length }) => length)
  assert.ok(Math.min(...sizes) > 50 && Math.max(...sizes) < 150, `${sizes}`)
})
