import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Instant } from '../../../lib/data/value.ts'
import { databaseForTest, drained } from '../mysql-for-test.ts'

const database = await databaseForTest()
after(() => database.drop())
const { sql } = database
await sql.query(`SET time_zone = '+00:00', sql_mode = ''`)

const ms = (text: string): number => Date.parse(text)

test('a column that is NOT NULL is required', async () => {
  await sql.query('CREATE TABLE required (id INT NOT NULL PRIMARY KEY, v DATE NOT NULL)')
  await sql.query(`INSERT INTO required VALUES (1, '2024-01-01')`)

  const [record] = await drained(await database.start(database.config('required')))

  assert.deepEqual(record?.valueSchema?.fields?.[1], { name: 'v', schema: { type: 'int64' } })
})

test('a zero date is refused, null or the first of days, as the URL says', async () => {
  await sql.query(
    'CREATE TABLE zero (id INT NOT NULL PRIMARY KEY, d DATE NOT NULL, t DATETIME NOT NULL, s TIMESTAMP NOT NULL DEFAULT 0, y YEAR NOT NULL)',
  )
  await sql.query(`INSERT INTO zero VALUES (5, '0000-00-00', '2024-02-00 00:00:00', 0, 0)`)
  const first = async (parameters: string) => {
    const config = database.config('zero', { 'database.url': database.url(parameters) })
    return (await drained(await database.start(config)))[0]?.value
  }

  const rounded = ms('0001-01-01T00:00:00Z')
  assert.deepEqual(await first('zeroDateTimeBehavior=convertToNull'), {
    id: 5,
    d: null,
    t: null,
    s: null,
    y: null,
  })
  assert.deepEqual(await first('zeroDateTimeBehavior=ROUND'), {
    id: 5,
    d: BigInt(rounded),
    t: new Instant(rounded),
    s: new Instant(rounded),
    y: BigInt(rounded),
  })
  await assert.rejects(first('useSSL=false'), {
    name: 'DataException',
    message: /^Row 5 of table zero: column d: 0000-00-00 is a zero date/,
  })
})

test('a DATETIME is of the zone that the URL names, a TIMESTAMP of none, a DATE is midnight in UTC', async () => {
  await sql.query(
    'CREATE TABLE zoned (id INT NOT NULL PRIMARY KEY, t DATETIME, s TIMESTAMP NULL, d DATE)',
  )
  await sql.query(
    `INSERT INTO zoned VALUES (1, '2024-07-01 08:00:00', '2024-07-01 08:00:00', '2024-07-01')`,
  )
  const config = database.config('zoned', {
    'database.url': database.url('serverTimezone=Asia/Shanghai'),
  })

  const [record] = await drained(await database.start(config))

  assert.deepEqual(record?.value, {
    id: 1,
    t: new Instant(ms('2024-07-01T00:00:00Z')),
    s: new Instant(ms('2024-07-01T08:00:00Z')),
    d: BigInt(ms('2024-07-01T00:00:00Z')),
  })
})
