import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { suite, test } from 'node:test'
import type { Condition, Rows } from '../../lib/store/rows.ts'

export function rowsContract(name: string, makeRows: () => Promise<Rows>): void {
  const newPk = () => `pk ${randomUUID()}`

  suite(`rows on ${name}`, () => {
    test('a row comes back with its texts, numbers and booleans', async () => {
      const rows = await makeRows()
      const key = { pk: newPk(), sk: 'a' }
      const attributes = {
        text: '',
        unicode: 'a\u0000b 🙂',
        size: 2 ** 53 - 1,
        part: -0.25,
        yes: true,
        no: false,
      }

      await rows.transact([{ put: { ...key, attributes } }])

      assert.deepEqual(await rows.get(key), attributes)
      assert.deepEqual(await rows.get({ ...key, sk: 'b' }), undefined)
      assert.deepEqual(await rows.query(key.pk, ''), [{ ...key, attributes }])
    })

    test('a put replaces the row as a whole', async () => {
      const rows = await makeRows()
      const key = { pk: newPk(), sk: 'a' }
      await rows.transact([{ put: { ...key, attributes: { one: 1, two: 2 } } }])

      await rows.transact([{ put: { ...key, attributes: { two: 3 } } }])

      assert.deepEqual(await rows.get(key), { two: 3 })
    })

    test('rows are found by the beginning of their sort key, in the order of its bytes', async () => {
      const rows = await makeRows()
      const pk = newPk()
      // In UTF-16 the second-last would come before the last-but-two.
      const sks = ['a', 'b#', 'b#1', 'b#10', 'b#2', 'b#\uFFFD', 'b#🙂', 'b$', 'c']
      await rows.putAll(sks.toReversed().map((sk) => ({ pk, sk, attributes: { sk_: sk } })))

      const found = await rows.query(pk, 'b#')

      assert.deepEqual(
        found.map(({ attributes }) => attributes.sk_),
        sks.slice(1, 7),
      )
      assert.deepEqual(await rows.sortKeys(pk, 'b#'), sks.slice(1, 7))
      assert.deepEqual(await rows.sortKeys(pk, ''), sks)
      assert.deepEqual(await rows.query(pk, 'bb'), [])
    })

    test('a query goes on to the end beyond one page of 1 MB', async () => {
      const rows = await makeRows()
      const pk = newPk()
      const text = 'x'.repeat(200_000)
      const sks = Array.from({ length: 27 }, (_, at) => `row ${String(at).padStart(2, '0')}`)
      await rows.putAll(sks.map((sk) => ({ pk, sk, attributes: { text } })))

      const found = await rows.query(pk, 'row ')

      assert.deepEqual(
        found.map(({ sk }) => sk),
        sks,
      )
      await rows.removeAll(sks.map((sk) => ({ pk, sk })))
      assert.deepEqual(await rows.sortKeys(pk, ''), [])
    })

    const conditions: readonly {
      readonly title: string
      readonly stored?: { readonly [name: string]: string | number | boolean }
      readonly onlyIf: Condition
      readonly holds: boolean
    }[] = [
      { title: 'absent, no row', onlyIf: 'absent', holds: true },
      { title: 'absent, a row', stored: { a: 1 }, onlyIf: 'absent', holds: false },
      { title: 'equal, no row', onlyIf: { a: 1 }, holds: false },
      { title: 'equal', stored: { a: 1, b: 2 }, onlyIf: { a: 1 }, holds: true },
      { title: 'one of two unequal', stored: { a: 1, b: 2 }, onlyIf: { a: 1, b: 3 }, holds: false },
      { title: 'equal but for the type', stored: { a: 1 }, onlyIf: { a: '1' }, holds: false },
      { title: 'equal booleans', stored: { a: false }, onlyIf: { a: false }, holds: true },
      { title: 'no such attribute', stored: { a: 1 }, onlyIf: { b: 1 }, holds: false },
      { title: 'without', stored: { a: 1 }, onlyIf: { a: 1, b: undefined }, holds: true },
      { title: 'not without', stored: { a: 1, b: 1 }, onlyIf: { b: undefined }, holds: false },
      { title: 'without, no row', onlyIf: { b: undefined }, holds: false },
      { title: 'reserved words', stored: { state: 's' }, onlyIf: { state: 's' }, holds: true },
    ]
    for (const { title, stored, onlyIf, holds } of conditions)
      test(`a condition decides about put, remove, check and the whole transaction: ${title}`, async () => {
        const rows = await makeRows()
        const pk = newPk()
        const key = { pk, sk: 'row' }
        const other = { pk, sk: 'other' }
        const prepare = async () => {
          await rows.removeAll([key, other])
          if (stored) await rows.putAll([{ ...key, attributes: stored }])
        }
        const found = async () => [await rows.get(key), await rows.get(other)]
        const witness = { put: { ...other, attributes: { here: true } } }
        const before = [stored, undefined]

        await prepare()
        assert.equal(await rows.transact([witness, { check: key, onlyIf }]), holds)
        assert.deepEqual(await found(), holds ? [stored, { here: true }] : before)

        await prepare()
        const put = { ...key, attributes: { c: 3 } }
        assert.equal(await rows.transact([witness, { put, onlyIf }]), holds)
        assert.deepEqual(await found(), holds ? [{ c: 3 }, { here: true }] : before)

        await prepare()
        assert.equal(await rows.transact([witness, { remove: key, onlyIf }]), holds)
        assert.deepEqual(await found(), holds ? [undefined, { here: true }] : before)

        await prepare()
        if (onlyIf === 'absent') return
        const updated = await rows.update(key, { c: 3 }, onlyIf)
        assert.deepEqual(updated, holds ? { ...stored, c: 3 } : undefined)
        assert.deepEqual(await rows.get(key), holds ? { ...stored, c: 3 } : stored)
      })

    test('a transaction of 100 changes takes place at once or not at all', async () => {
      const rows = await makeRows()
      const pk = newPk()
      const put = (at: number) => ({ put: { pk, sk: `row ${at}`, attributes: { at } } })
      const ninetyNine = Array.from({ length: 99 }, (_, at) => put(at))

      const refused = await rows.transact([
        ...ninetyNine,
        { check: { pk, sk: 'none' }, onlyIf: {} },
      ])
      const afterRefusal = await rows.sortKeys(pk, '')
      const done = await rows.transact([...ninetyNine, put(99)])

      assert.deepEqual([refused, afterRefusal.length], [false, 0])
      assert.deepEqual([done, (await rows.sortKeys(pk, '')).length], [true, 100])
    })

    test('of many transactions with one condition exactly one takes place', async () => {
      const rows = await makeRows()
      const key = { pk: newPk(), sk: 'counter' }
      const transact = (at: number) =>
        rows.transact([{ put: { ...key, attributes: { at } }, onlyIf: 'absent' }])

      const done = await Promise.all(Array.from({ length: 20 }, (_, at) => transact(at)))

      assert.equal(done.filter(Boolean).length, 1)
      assert.deepEqual(await rows.get(key), { at: done.indexOf(true) })
    })

    test('more rows than one call takes are put and removed', async () => {
      const rows = await makeRows()
      const pk = newPk()
      const keys = Array.from({ length: 130 }, (_, at) => ({ pk, sk: `row ${1000 + at}` }))

      await rows.putAll(keys.map((key) => ({ ...key, attributes: { here: true } })))
      const there = await rows.sortKeys(pk, '')
      await rows.removeAll(keys.slice(1))

      assert.deepEqual(
        there,
        keys.map(({ sk }) => sk),
      )
      assert.deepEqual(await rows.sortKeys(pk, ''), ['row 1000'])
      await rows.putAll([])
      await rows.removeAll([])
    })
  })
}
