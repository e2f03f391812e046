import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aliasOf, scheduleOf, schedulePrefix, taskOfSchedule } from '../../lib/cloud/names.ts'

const CONNECTORS = [
  'orders',
  'mysql-orders_sink',
  'Orders',
  'a.b',
  'a b',
  'a/b',
  '20260101',
  'Bücher über 100 €',
  '注文',
  '💾',
  '-',
  '$LATEST',
  'x'.repeat(500),
  `${'x'.repeat(500)}y`,
]

for (const connector of CONNECTORS) {
  const title = connector.length > 30 ? `${connector.length} characters` : connector

  test(`the alias of "${title}" is one that Lambda takes`, () => {
    assert.match(aliasOf(connector), /^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/)
  })

  test(`the schedules of "${title}" are ones that the Scheduler takes, and tell their task`, () => {
    for (const task of [0, 7, 999_999]) {
      const name = scheduleOf('a-stage-with-a-very-long-name', { connector, task })

      assert.match(name, /^[0-9a-zA-Z-_.]{1,64}$/)
      assert.equal(taskOfSchedule('a-stage-with-a-very-long-name', connector, name), task)
    }
  })
}

test('no two connectors have the same alias or schedules, however alike their names are', () => {
  assert.equal(new Set(CONNECTORS.map(aliasOf)).size, CONNECTORS.length)
  assert.equal(
    new Set(CONNECTORS.map((name) => schedulePrefix('dev', name))).size,
    CONNECTORS.length,
  )
})

test('a name stays readable', () => {
  assert.match(aliasOf('mysql-orders_sink'), /^mysql-orders_sink-[0-9a-f]{12}$/)
  assert.match(aliasOf('Bücher über 100 €'), /^Bucher-uber-100-[0-9a-f]{12}$/)
  assert.match(scheduleOf('dev', { connector: 'orders', task: 3 }), /^dev-orders-[0-9a-f]{12}-3$/)
})

test('a name is the same in every release, since what was made is found by it', () => {
  assert.equal(aliasOf('orders'), 'orders-1c168adb00d2')
  assert.equal(scheduleOf('prod', { connector: 'orders', task: 12 }), 'prod-orders-1c168adb00d2-12')
})

test("a schedule of another connector or stage is not a connector's own", () => {
  const others = [
    scheduleOf('dev', { connector: 'orders-1', task: 1 }),
    scheduleOf('prod', { connector: 'orders', task: 1 }),
    `${schedulePrefix('dev', 'orders')}coordinator`,
    schedulePrefix('dev', 'orders'),
  ]

  assert.deepEqual(
    others.map((name) => taskOfSchedule('dev', 'orders', name)),
    others.map(() => undefined),
  )
})
