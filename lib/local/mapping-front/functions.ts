import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { messageOf } from '../../errors.ts'
import { invalid, Refusal } from './refusal.ts'

/** A function of the upstream, or a version or alias of it. */
export type FunctionPlace = {
  /** with the version or alias that was named, if one was */
  readonly arn: string
}

/** Kafka mappings allow a function 14 minutes. */
const MAX_TIMEOUT_S = 840

/** Finds what a FunctionName of any form means. @throws Refusal when there is no such function, version or alias. */
export async function findFunction(client: LambdaClient, name: string): Promise<FunctionPlace> {
  const { base, qualifier } = partsOf(name)
  const command = new GetFunctionConfigurationCommand({
    FunctionName: base,
    ...(qualifier !== undefined && { Qualifier: qualifier }),
  })
  const found = await client.send(command).catch((error: unknown) => {
    const isMissing = error instanceof Error && error.name === 'ResourceNotFoundException'
    if (isMissing) throw new Refusal('ResourceNotFoundException', `Function not found: ${name}`)
    throw new Refusal(
      'ServiceException',
      `The function ${name} cannot be read: ${messageOf(error)}`,
    )
  })
  if ((found.Timeout ?? 0) > MAX_TIMEOUT_S)
    throw invalid(
      `The timeout of the function is ${found.Timeout} seconds; for an Apache Kafka event source it is at most ${MAX_TIMEOUT_S}`,
    )
  const arn = (found.FunctionArn ?? '').split(':').slice(0, 7).join(':')
  return { arn: qualifier === undefined ? arn : `${arn}:${qualifier}` }
}

// arn:aws:lambda:<region>:<account>:function:<name>:<qualifier>, or less of its beginning.
function partsOf(name: string): { readonly base: string; readonly qualifier?: string } {
  const parts = name.split(':')
  const at = parts.indexOf('function')
  const end = at < 0 ? 1 : at + 2
  const qualifier = parts[end]
  return { base: parts.slice(0, end).join(':'), ...(qualifier !== undefined && { qualifier }) }
}
