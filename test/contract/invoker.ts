import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Invoker } from '../../lib/ports.ts'

/** What was called, with what, in order of arrival; functions go on until `let go` is called. */
export type Invoked = {
  readonly invoker: Invoker
  /** Resolves with the first calls once there are so many. */
  readonly calls: (count: number) => Promise<readonly string[]>
  readonly letGo: () => void
}

/** The promises of `Invoker`: functions of which those of connector `failing` fail. */
export function invokerContract(
  kind: string,
  make: () => Promise<Invoked & AsyncDisposable>,
): void {
  test(`${kind}: each function is really run, with its event`, async () => {
    await using on = await make()
    on.letGo()

    await on.invoker.source({ connector: 'orders', task: 0 })
    await on.invoker.sink({ connector: 'Bücher', task: 1 })
    await on.invoker.coordinator({ connector: 'orders' })
    await on.invoker.coordinator({})

    assert.deepEqual((await on.calls(4)).toSorted(), [
      'coordinator {"connector":"orders"}',
      'coordinator {}',
      'sink {"connector":"Bücher","task":1}',
      'source {"connector":"orders","task":0}',
    ])
  })

  test(`${kind}: an invoke returns when its event is accepted, not when the function has ended`, async () => {
    await using on = await make()

    await on.invoker.sink({ connector: 'slow', task: 0 })
    const called = await on.calls(1)

    // It is still running: nobody has let it go.
    assert.deepEqual(called, ['sink {"connector":"slow","task":0}'])
    on.letGo()
  })

  test(`${kind}: a function that fails is no error of whoever invoked it`, async () => {
    await using on = await make()
    on.letGo()

    await on.invoker.source({ connector: 'failing', task: 0 })
    await on.invoker.coordinator({})

    assert.deepEqual((await on.calls(2)).toSorted(), [
      'coordinator {}',
      'source {"connector":"failing","task":0}',
    ])
  })
}
