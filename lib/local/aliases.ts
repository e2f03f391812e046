import { NotFoundError } from '../errors.ts'
import type { Aliases } from '../ports.ts'

const PREFIX = 'arn:aws:lambda:local:000000000000:function:sink:'

/** The ARN by which the sink function is called for a connector in local mode: its alias is the name itself. */
export const sinkArnOf = (connector: string): string =>
  PREFIX + Buffer.from(connector).toString('base64url')

/** There is one release, the one that runs. */
export const localAliases: Aliases = {
  async connectorOf(invokedFunctionArn) {
    if (!invokedFunctionArn.startsWith(PREFIX) || invokedFunctionArn === PREFIX)
      throw new NotFoundError(`${invokedFunctionArn} has no alias, so that it is for no connector`)
    return Buffer.from(invokedFunctionArn.slice(PREFIX.length), 'base64url').toString()
  },
  follow: async () => undefined,
}
