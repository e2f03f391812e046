import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NotFoundError } from '../../lib/errors.ts'
import type { Aliases } from '../../lib/ports.ts'

/** The promises of `Aliases`. `arnOf`: the ARN by which the sink function is invoked for a connector. */
export function aliasesContract(
  kind: string,
  aliases: Aliases,
  arnOf: (connector: string) => Promise<string>,
): void {
  for (const connector of ['orders', 'a:b', 'Bücher/2026', '注文', ' '])
    test(`${kind}: the connector "${connector}" is found again from the ARN that it is called by`, async () => {
      const arn = await arnOf(connector)

      assert.equal(arn.split(':').length, 8)
      assert.equal(await aliases.connectorOf(arn), connector)
    })

  test(`${kind}: it is so after the aliases have followed a release, however often`, async () => {
    const arn = await arnOf('following')

    await aliases.follow()
    await Promise.all([aliases.follow(), aliases.follow()])

    assert.equal(await aliases.connectorOf(arn), 'following')
  })

  test(`${kind}: an ARN without an alias, or with an empty one, is of no connector`, async () => {
    const arn = (await arnOf('any')).split(':').slice(0, 7).join(':')

    await assert.rejects(aliases.connectorOf(arn), NotFoundError)
    await assert.rejects(aliases.connectorOf(`${arn}:`), NotFoundError)
  })
}
