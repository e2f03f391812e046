import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { numbersTo } from '../../../infra/numbers-sql.ts'
import type { OffsetMap, SourceRecord } from '../../../lib/data/record.ts'
import { databaseForTest, drained } from '../mysql-for-test.ts'

const database = await databaseForTest()
after(() => database.drop())
const { sql } = database

const idsOf = (records: readonly SourceRecord[]) => records.map(({ key }) => key)

test('each row becomes a record once, page by page, over the gaps between ids', async () => {
  await sql.query(`CREATE TABLE gaps (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL)`)
  await sql.query(
    `INSERT INTO gaps SELECT n * 7 + IF(n > 12000, 5000000000, 0), CONCAT('user ', n) FROM ${numbersTo(25_000)}`,
  )
  const task = await database.start(database.config('gaps', { 'batch.max.rows': '10000' }))

  const pages: (readonly SourceRecord[])[] = []
  for (let page = await task.poll(); page.length > 0; page = await task.poll()) pages.push(page)

  assert.deepEqual(
    pages.map(({ length }) => length),
    [10_000, 10_000, 5_000],
  )
  const records = pages.flat()
  const ids = records.map(({ sourceOffset }) => sourceOffset['position'] as bigint)
  assert.ok(ids.every((id, at) => at === 0 || id > (ids[at - 1] as bigint)))
  assert.equal(new Set(ids).size, 25_000)
  assert.equal(ids.at(-1), 5_000_175_000n)
  assert.deepEqual(records.at(-1)?.value, { id: 5_000_175_000n, name: 'user 25000' })
  assert.equal(new Set(records.map(({ valueSchema }) => valueSchema)).size, 1)
  assert.equal(new Set(records.map(({ sourcePartition }) => sourcePartition)).size, 1)
})

test('a task goes on after the stored offset, which may be as large as MySQL’s ids', async () => {
  await sql.query(`CREATE TABLE big (id BIGINT NOT NULL PRIMARY KEY)`)
  await sql.query(
    `INSERT INTO big VALUES (-9223372036854775808), (-1), (0), (1), (9007199254740992), (9007199254740993), (9223372036854775806), (9223372036854775807)`,
  )
  const after = async (position: bigint | number | undefined) => {
    const stored = position === undefined ? {} : { big: { position } }
    const task = await database.start(database.config('big'), { stored })
    return idsOf(await drained(task))
  }

  assert.deepEqual(await after(undefined), [
    '-9223372036854775808',
    '-1',
    '0',
    '1',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775806',
    '9223372036854775807',
  ])
  assert.deepEqual(await after(9007199254740992n), [
    '9007199254740993',
    '9223372036854775806',
    '9223372036854775807',
  ])
  assert.deepEqual(await after(9223372036854775806n), ['9223372036854775807'])
  assert.deepEqual(await after(9223372036854775807n), [])
  assert.deepEqual((await after(0)).length, 5)
})

test('an offset that is no integer is refused', async () => {
  await assert.rejects(
    database.start(database.config('big'), { stored: { big: { position: '1' } as OffsetMap } }),
    {
      name: 'ConnectException',
      message: 'The stored offset of table big has no integer position: 1',
    },
  )
})

test('rows that are added later are found by the next poll', async () => {
  await sql.query(`CREATE TABLE later (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY)`)
  const task = await database.start(database.config('later'))

  assert.deepEqual(await task.poll(), [])
  await sql.query('INSERT INTO later VALUES (), ()')
  assert.deepEqual(idsOf(await task.poll()), ['1', '2'])
  assert.deepEqual(await task.poll(), [])
  await sql.query('INSERT INTO later VALUES ()')
  assert.deepEqual(idsOf(await task.poll()), ['3'])
})

test('what is not committed is not read, and what is committed then is', async () => {
  await sql.query(`CREATE TABLE uncommitted (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY)`)
  const task = await database.start(database.config('uncommitted'))
  assert.deepEqual(await task.poll(), [])

  await sql.query('START TRANSACTION; INSERT INTO uncommitted VALUES ()')
  assert.deepEqual(await task.poll(), [])
  await sql.query('COMMIT')

  assert.deepEqual(idsOf(await task.poll()), ['1'])
})

test('tables of one task take turns, a page each', async () => {
  await sql.query(`CREATE TABLE turn_a (id INT NOT NULL PRIMARY KEY)`)
  await sql.query(`CREATE TABLE turn_b LIKE turn_a`)
  await sql.query(`CREATE TABLE turn_c LIKE turn_a`)
  await sql.query('INSERT INTO turn_a VALUES (1), (2), (3), (4), (5)')
  await sql.query('INSERT INTO turn_c VALUES (1), (2), (3)')
  const task = await database.start(
    database.config('turn_a, turn_b, turn_c', { 'batch.max.rows': '2' }),
  )

  const pages: string[] = []
  for (let page = await task.poll(); page.length > 0; page = await task.poll())
    pages.push(`${page[0]?.topic}:${idsOf(page)}`)

  assert.deepEqual(pages, ['turn_a:1,2', 'turn_c:1,2', 'turn_a:3,4', 'turn_c:3', 'turn_a:5'])
})

test('a task reads the tables it was given of all the connector’s', async () => {
  const config = database.config('turn_a,turn_c', { 'database.table': 'turn_c' })

  const records = await drained(await database.start(config))

  assert.deepEqual(new Set(records.map(({ topic }) => topic)), new Set(['turn_c']))
})

describe('ids that repeat', () => {
  test('lose no row at the end of a page', async () => {
    await sql.query(
      `CREATE TABLE orders (tenant INT NOT NULL, id INT NOT NULL, PRIMARY KEY (tenant, id), KEY (id))`,
    )
    await sql.query(`INSERT INTO orders SELECT n % 7, FLOOR((n - 1) / 7) FROM ${numbersTo(77)}`)
    const task = await database.start(database.config('orders', { 'batch.max.rows': '10' }))

    const records = await drained(task)

    assert.equal(new Set(records.map(({ value }) => JSON.stringify(value, text))).size, 77)
    assert.equal(records.length, 77)
  })

  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

  test('without any index lose none either, and it is told what they cost', async () => {
    await sql.query(`CREATE TABLE plain (id INT, n INT)`)
    await sql.query(`INSERT INTO plain VALUES (1,1),(1,2),(1,3),(2,4),(NULL,5)`)
    const warnings: string[] = []
    const task = await database.start(database.config('plain', { 'batch.max.rows': '2' }), {
      warnings,
    })

    assert.deepEqual(idsOf(await drained(task)), ['1', '1', '1', '2'])
    assert.deepEqual(warnings, [
      'Column id of table plain may be NULL: rows without an id are not copied',
      'Column id of table plain has no index: each page reads the whole table',
    ])
  })
})

test('columns that change give another schema, at once and once', async () => {
  await sql.query(
    `CREATE TABLE evolving (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL)`,
  )
  await sql.query('INSERT INTO evolving (a) VALUES (1)')
  const task = await database.start(database.config('evolving'))
  const [before] = await task.poll()

  await sql.query(
    'ALTER TABLE evolving ADD b VARCHAR(9) NULL, ADD g GEOMETRY NULL, MODIFY a BIGINT NOT NULL',
  )
  await sql.query(`INSERT INTO evolving (a, b, g) VALUES (2, 'x', POINT(1, 2)), (3, NULL, NULL)`)
  const [one, other] = await task.poll()

  assert.deepEqual(before?.value, { id: 1, a: 1 })
  assert.deepEqual(
    before?.valueSchema?.fields?.map(({ name }) => name),
    ['id', 'a'],
  )
  assert.deepEqual(one?.valueSchema?.fields, [
    { name: 'id', schema: { type: 'int32' } },
    { name: 'a', schema: { type: 'int64' } },
    { name: 'b', schema: { type: 'string', optional: true } },
    { name: 'g', schema: { type: 'bytes', optional: true } },
  ])
  assert.equal(other?.valueSchema, one?.valueSchema)
  const point = Buffer.from('000000000101000000000000000000f03f0000000000000040', 'hex')
  assert.deepEqual(one?.value, { id: 2, a: 2n, b: 'x', g: point })
  assert.deepEqual(other?.value, { id: 3, a: 3n, b: null, g: null })
})

test('a row that does not fit stops the task after the rows before it', async () => {
  await sql.query(`CREATE TABLE odd (id BIGINT UNSIGNED NOT NULL PRIMARY KEY)`)
  await sql.query('INSERT INTO odd VALUES (1), (2), (9223372036854775808), (9223372036854775809)')
  const task = await database.start(database.config('odd'))

  assert.deepEqual(idsOf(await task.poll()), ['1', '2'])
  for (let time = 0; time < 2; time++)
    await assert.rejects(task.poll(), {
      name: 'DataException',
      message:
        'Row 9223372036854775808 of table odd: column id: 9223372036854775808 is more than INT64 holds',
    })
})

test('a table of another database, and names that need quotes', async () => {
  await sql.query('CREATE TABLE `select` (`id` INT NOT NULL PRIMARY KEY, `from` INT, `a b``c` INT)')
  await sql.query('INSERT INTO `select` VALUES (1, 2, 3)')
  const task = await database.start(database.config(`select,${database.name}.select`))

  const records = await drained(task)

  assert.deepEqual(
    records.map(({ topic }) => topic),
    ['select', `${database.name}.select`],
  )
  assert.deepEqual(records[0]?.value, { id: 1, from: 2, 'a b`c': 3 })
})

test('a view will do', async () => {
  await sql.query('CREATE VIEW seen AS SELECT id, id * 2 AS twice FROM turn_a')
  const task = await database.start(database.config('seen', { 'batch.max.rows': '2' }))

  assert.deepEqual(idsOf(await drained(task)), ['1', '2', '3', '4', '5'])
})
