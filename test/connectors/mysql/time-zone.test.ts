import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantsIn, isTimeZone } from '../../../lib/connectors/mysql/time-zone.ts'

const instants = [
  { zone: 'UTC', wall: '2024-07-01T12:00:00.123', want: '2024-07-01T12:00:00.123Z' },
  { zone: 'GMT+8', wall: '2024-07-01T12:00:00', want: '2024-07-01T04:00:00.000Z' },
  { zone: '+05:30', wall: '2024-07-01T12:00:00', want: '2024-07-01T06:30:00.000Z' },
  { zone: '-0330', wall: '2024-07-01T12:00:00', want: '2024-07-01T15:30:00.000Z' },
  { zone: 'Asia/Shanghai', wall: '2024-07-01T12:00:00', want: '2024-07-01T04:00:00.000Z' },
  { zone: 'Europe/Berlin', wall: '2024-01-01T12:00:00.5', want: '2024-01-01T11:00:00.500Z' },
  { zone: 'Europe/Berlin', wall: '2024-07-01T12:00:00', want: '2024-07-01T10:00:00.000Z' },
  // The hour from 2 to 3 is left out on 31 March and comes twice on 27 October.
  { zone: 'Europe/Berlin', wall: '2024-03-31T01:59:59', want: '2024-03-31T00:59:59.000Z' },
  { zone: 'Europe/Berlin', wall: '2024-03-31T02:30:00', want: '2024-03-31T01:30:00.000Z' },
  { zone: 'Europe/Berlin', wall: '2024-03-31T03:00:00', want: '2024-03-31T01:00:00.000Z' },
  { zone: 'Europe/Berlin', wall: '2024-10-27T02:30:00', want: '2024-10-27T00:30:00.000Z' },
  { zone: 'Europe/Berlin', wall: '2024-10-27T03:00:00', want: '2024-10-27T02:00:00.000Z' },
  { zone: 'America/New_York', wall: '2024-03-10T02:30:00', want: '2024-03-10T07:30:00.000Z' },
  { zone: 'America/New_York', wall: '2024-11-03T01:30:00', want: '2024-11-03T05:30:00.000Z' },
  // Before there were zones: local mean time, 53 min 28 s ahead.
  { zone: 'Europe/Berlin', wall: '1890-01-01T00:00:00', want: '1889-12-31T23:06:32.000Z' },
  { zone: 'Pacific/Apia', wall: '2011-12-31T00:00:00', want: '2011-12-30T10:00:00.000Z' },
]

for (const { zone, wall, want } of instants)
  test(`${wall} in ${zone} is ${want}`, () => {
    const instantOf = instantsIn(zone)

    // Twice: the second time it is remembered.
    for (let time = 0; time < 2; time++)
      assert.equal(new Date(instantOf(Date.parse(`${wall}Z`))).toISOString(), want)
  })

test('a zone is known by name or offset', () => {
  const known = [
    'UTC',
    'Z',
    'GMT',
    'GMT+8',
    'UTC-03:00',
    '+08:00',
    'Asia/Shanghai',
    'America/New_York',
  ]
  const unknown = ['', 'Mars/Base', '8', '+25:00', 'GMT+']

  assert.deepEqual(
    known.filter((zone) => !isTimeZone(zone)),
    [],
  )
  assert.deepEqual(unknown.filter(isTimeZone), [])
})
