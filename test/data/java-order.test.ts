import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inJavaOrder, javaHashOrder } from '../../lib/data/java-order.ts'

test('keys come in the order in which a java.util.HashMap of JDK 17 gives them back', () => {
  assert.deepEqual(javaHashOrder(['id', 'name', 'zip']), ['zip', 'name', 'id'])
  assert.deepEqual(javaHashOrder(['Aa', 'BB', 'a']), ['Aa', 'BB', 'a'])
  assert.deepEqual(javaHashOrder(['BB', 'Aa', 'Aa']), ['BB', 'Aa'])
})

test('values stay with their keys', () => {
  const map = new Map([
    ['id', 1],
    ['name', 2],
  ])

  assert.deepEqual(
    [...inJavaOrder(map)],
    [
      ['name', 2],
      ['id', 1],
    ],
  )
})
