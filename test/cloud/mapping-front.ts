import type { LambdaClient } from '@aws-sdk/client-lambda'
import { addresses } from '../../infra/stack/addresses.ts'
import { type FrontSettings, startMappingFront } from '../../lib/local/mapping-front/front.ts'
import { broker, silentLog } from '../kafka/kafka-fixture.ts'
import { EMULATED } from './emulator.ts'

/** The mapping front before the stack's emulator, over the stack's Kafka. */
export const frontOfStack = (delaysMs: NonNullable<FrontSettings['delaysMs']> = 0) =>
  startMappingFront({
    kafkaBootstrap: broker(),
    upstream: addresses().aws.endpoint,
    delaysMs,
    ...EMULATED,
    log: silentLog(),
  })

/** Names of the commands that the client sends from now on. */
export function commandsOf(client: LambdaClient): string[] {
  const sent: string[] = []
  client.middlewareStack.add((next, { commandName }) => (args) => {
    sent.push(String(commandName))
    return next(args)
  })
  return sent
}
