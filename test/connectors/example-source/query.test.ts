import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeQuery, pageQuery, quoted } from '../../../lib/connectors/example-source/query.ts'

test('a page is the next rows in the order of id', () => {
  assert.deepEqual(pageQuery('t', 42n, { limit: 10, isUnique: true }), {
    sql: 'SELECT * FROM `t` WHERE `id` > CAST(? AS SIGNED) ORDER BY `id` ASC LIMIT 10',
    parameters: ['42'],
  })
})

test('without an offset the first page begins at the lowest id, be it negative', () => {
  assert.deepEqual(pageQuery('t', undefined, { limit: 10, isUnique: true }), {
    sql: 'SELECT * FROM `t` WHERE `id` IS NOT NULL ORDER BY `id` ASC LIMIT 10',
    parameters: [],
  })
})

test('where ids repeat, the page ends with the last row of an id', () => {
  assert.deepEqual(pageQuery('t', 9223372036854775806n, { limit: 10, isUnique: false }), {
    sql: 'SELECT * FROM `t` WHERE `id` > CAST(? AS SIGNED) AND `id` <= (SELECT MAX(`id`) FROM (SELECT `id` FROM `t` WHERE `id` > CAST(? AS SIGNED) ORDER BY `id` ASC LIMIT 10) AS page) ORDER BY `id` ASC',
    parameters: ['9223372036854775806', '9223372036854775806'],
  })
})

test('a table name is quoted, part by part', () => {
  assert.equal(quoted('shop.order'), '`shop`.`order`')
  assert.equal(quoted('a`; DROP TABLE b'), '`a``; DROP TABLE b`')
  assert.equal(describeQuery('order').sql, 'SELECT * FROM `order` LIMIT 0')
})
