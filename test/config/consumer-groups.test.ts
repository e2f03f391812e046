import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupOf, groupsOf, topicsOf } from '../../lib/config/consumer-groups.ts'

test('a sink of one topic has the group that Kafka Connect gives it, one of more has a group a topic', () => {
  assert.equal(groupOf('c', ['a'], 'a'), 'connect-c')
  assert.equal(groupOf('c', ['a', 'b'], 'a'), 'connect-c-a')
})

test('a topic that the connector does not read belongs to Kafka Connect’s group', () => {
  assert.equal(groupOf('c', ['a'], 'x'), 'connect-c')
  assert.equal(groupOf('c', ['a', 'b'], 'x'), 'connect-c')
})

test('all groups of a connector are those of its topics and Kafka Connect’s', () => {
  assert.deepEqual(groupsOf('c', ['a']), ['connect-c'])
  assert.deepEqual(groupsOf('c', ['a', 'b']), ['connect-c', 'connect-c-a', 'connect-c-b'])
})

test('topics are listed once, without blanks', () => {
  assert.deepEqual(topicsOf({ topics: ' a, b ,a,, ' }), ['a', 'b'])
  assert.deepEqual(topicsOf({}), [])
})
