import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { Invoker } from '../ports.ts'
import { calling } from './aws-errors.ts'

/** Names or ARNs. */
export type Functions = {
  readonly source: string
  readonly sink: string
  readonly coordinator: string
}

export function lambdaInvoker(client: LambdaClient, functions: Functions): Invoker {
  const invoke = async (name: string, event: object): Promise<void> => {
    const command = new InvokeCommand({
      FunctionName: name,
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    })
    await calling(`invoking ${name}`, () => client.send(command))
  }
  return {
    source: (event) => invoke(functions.source, event),
    sink: (event) => invoke(functions.sink, event),
    coordinator: (event) => invoke(functions.coordinator, event),
  }
}
