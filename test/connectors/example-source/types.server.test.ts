import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Decimal, Instant, type Value } from '../../../lib/data/value.ts'
import { databaseForTest, drained } from '../mysql-for-test.ts'

const database = await databaseForTest()
after(() => database.drop())
const { sql } = database
await sql.query(`SET time_zone = '+00:00', sql_mode = ''`)

const ms = (text: string): number => Date.parse(text)

/** Per column type: literals as they are inserted, and the values that must come. */
const columns: readonly { type: string; schema: string; values: readonly [string, Value][] }[] = [
  {
    type: 'TINYINT',
    schema: 'int8',
    values: [
      ['-128', -128],
      ['127', 127],
    ],
  },
  {
    type: 'TINYINT UNSIGNED',
    schema: 'int16',
    values: [
      ['0', 0],
      ['255', 255],
    ],
  },
  {
    type: 'TINYINT(1)',
    schema: 'boolean',
    values: [
      ['0', false],
      ['1', true],
      ['-128', true],
    ],
  },
  {
    type: 'BOOLEAN',
    schema: 'boolean',
    values: [
      ['TRUE', true],
      ['FALSE', false],
    ],
  },
  {
    type: 'SMALLINT',
    schema: 'int16',
    values: [
      ['-32768', -32_768],
      ['32767', 32_767],
    ],
  },
  { type: 'SMALLINT UNSIGNED', schema: 'int32', values: [['65535', 65_535]] },
  {
    type: 'MEDIUMINT',
    schema: 'int32',
    values: [
      ['-8388608', -8_388_608],
      ['8388607', 8_388_607],
    ],
  },
  { type: 'MEDIUMINT UNSIGNED', schema: 'int32', values: [['16777215', 16_777_215]] },
  {
    type: 'INT',
    schema: 'int32',
    values: [
      ['-2147483648', -2_147_483_648],
      ['2147483647', 2_147_483_647],
    ],
  },
  { type: 'INT UNSIGNED', schema: 'int64', values: [['4294967295', 4_294_967_295n]] },
  { type: 'INT(9) UNSIGNED ZEROFILL', schema: 'int64', values: [['7', 7n]] },
  {
    type: 'BIGINT',
    schema: 'int64',
    values: [
      ['-9223372036854775808', -9223372036854775808n],
      ['9007199254740993', 9007199254740993n],
      ['9223372036854775807', 9223372036854775807n],
    ],
  },
  {
    type: 'BIGINT UNSIGNED',
    schema: 'int64',
    values: [['9223372036854775807', 9223372036854775807n]],
  },
  {
    type: 'FLOAT',
    schema: 'float32',
    // As text MySQL rounds the first one to 16777200.
    values: [
      ['16777217.5', 16_777_218],
      ['0.1', Math.fround(0.1)],
      ['-3.4028234e38', Math.fround(-3.4028234e38)],
    ],
  },
  {
    type: 'DOUBLE',
    schema: 'float64',
    values: [
      ['12345678.12345678', 12345678.12345678],
      ['1.7976931348623157e308', Number.MAX_VALUE],
      ['5e-324', 5e-324],
      ['0', 0],
    ],
  },
  {
    type: 'DECIMAL(10,2)',
    schema: 'bytes Decimal {"scale":"2","connect.decimal.precision":"10"}',
    values: [
      ['-12345678.90', new Decimal(-1_234_567_890n, 2)],
      ['0', new Decimal(0n, 2)],
    ],
  },
  {
    type: 'DECIMAL(65,30) UNSIGNED',
    schema: 'bytes Decimal {"scale":"30","connect.decimal.precision":"65"}',
    values: [
      [
        '12345678901234567890123456789012345.123456789012345678901234567890',
        new Decimal(12345678901234567890123456789012345123456789012345678901234567890n, 30),
      ],
    ],
  },
  {
    type: 'NUMERIC(5)',
    schema: 'bytes Decimal {"scale":"0","connect.decimal.precision":"5"}',
    values: [['-99999', new Decimal(-99_999n, 0)]],
  },
  {
    type: 'BIT(1)',
    schema: 'boolean',
    values: [
      [`b'1'`, true],
      [`b'0'`, false],
    ],
  },
  { type: 'BIT(8)', schema: 'int16', values: [[`b'11111111'`, 255]] },
  { type: 'BIT(40)', schema: 'int64', values: [['1099511627775', 1_099_511_627_775n]] },
  {
    type: 'DATE',
    schema: 'int64',
    values: [
      [`'1000-01-01'`, BigInt(ms('1000-01-01'))],
      [`'9999-12-31'`, BigInt(ms('9999-12-31'))],
    ],
  },
  {
    type: 'YEAR',
    schema: 'int64',
    values: [
      ['2024', BigInt(ms('2024-01-01'))],
      ['1901', BigInt(ms('1901-01-01'))],
    ],
  },
  {
    type: 'TIME(3)',
    schema: 'int32 Time',
    values: [
      [`'00:00:00'`, new Instant(0)],
      [`'23:59:59.999'`, new Instant(86_399_999)],
    ],
  },
  {
    type: 'DATETIME',
    schema: 'int64 Timestamp',
    values: [
      [`'1000-01-01 00:00:00'`, new Instant(ms('1000-01-01T00:00:00Z'))],
      [`'2024-02-29 12:00:01'`, new Instant(ms('2024-02-29T12:00:01Z'))],
    ],
  },
  {
    type: 'DATETIME(6)',
    schema: 'int64 Timestamp',
    values: [[`'9999-12-31 23:59:59.999999'`, new Instant(ms('9999-12-31T23:59:59.999Z'))]],
  },
  {
    type: 'TIMESTAMP(3) NULL',
    schema: 'int64 Timestamp',
    values: [
      [`'1970-01-01 00:00:01.5'`, new Instant(1_500)],
      [`'2038-01-19 03:14:07'`, new Instant(2_147_483_647_000)],
    ],
  },
  {
    type: 'CHAR(3)',
    schema: 'string',
    values: [
      [`'ab'`, 'ab'],
      [`''`, ''],
    ],
  },
  { type: 'VARCHAR(20)', schema: 'string', values: [[`'ü€😀"\\\\'`, 'ü€😀"\\']] },
  { type: 'VARCHAR(20) CHARACTER SET latin1', schema: 'string', values: [[`'é'`, 'é']] },
  { type: 'VARCHAR(20) COLLATE utf8mb4_bin', schema: 'string', values: [[`'a'`, 'a']] },
  { type: 'TINYTEXT', schema: 'string', values: [[`'t'`, 't']] },
  { type: 'LONGTEXT', schema: 'string', values: [[`REPEAT('x', 70000)`, 'x'.repeat(70_000)]] },
  { type: `ENUM('small','größer')`, schema: 'string', values: [[`'größer'`, 'größer']] },
  {
    type: `SET('a','b','c')`,
    schema: 'string',
    values: [
      [`'c,a'`, 'a,c'],
      [`''`, ''],
    ],
  },
  { type: 'BINARY(3)', schema: 'bytes', values: [[`x'00ff'`, Buffer.from('00ff00', 'hex')]] },
  {
    type: 'VARBINARY(9)',
    schema: 'bytes',
    values: [
      [`x'00ff'`, Buffer.from('00ff', 'hex')],
      [`''`, Buffer.alloc(0)],
    ],
  },
  { type: 'LONGBLOB', schema: 'bytes', values: [[`REPEAT(x'fe', 300)`, Buffer.alloc(300, 0xfe)]] },
  {
    type: 'JSON',
    schema: 'string',
    values: [[`'{"a": 12345678901234567890}'`, '{"a": 12345678901234567890}']],
  },
  {
    type: 'POINT',
    schema: 'bytes',
    values: [
      ['POINT(1, 2)', Buffer.from('000000000101000000000000000000f03f0000000000000040', 'hex')],
    ],
  },
]

const shown = (schema: {
  readonly type: string
  readonly name?: string
  readonly parameters?: object
}) =>
  [
    schema.type,
    ...(schema.name ? [schema.name.replace('org.apache.kafka.connect.data.', '')] : []),
    ...(schema.parameters ? [JSON.stringify(schema.parameters)] : []),
  ].join(' ')

for (const [at, { type, schema, values }] of columns.entries())
  test(`${type} is read exactly, and null stays null`, async () => {
    const table = `t${at}`
    await sql.query(`CREATE TABLE ${table} (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v ${type})`)
    await sql.query(
      `INSERT INTO ${table} (v) VALUES ${values.map(([literal]) => `(${literal})`)}, (NULL)`,
    )

    const records = await drained(await database.start(database.config(table)))

    const field = records[0]?.valueSchema?.fields?.[1]
    assert.equal(field && shown(field.schema), schema)
    assert.equal(field?.schema.optional, true)
    assert.deepEqual(
      records.map(({ value }) => (value as { v: Value }).v),
      [...values.map(([, value]) => value), null],
    )
  })
