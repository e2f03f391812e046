import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/**
 * A call that is not answered in 2 s is made again: a lease lives for seconds, so its holder must not wait for long.
 * Without an endpoint it is Amazon's, or what the SDK's own variables say.
 */
export const dynamodbClient = (endpoint?: string): DynamoDBClient =>
  new DynamoDBClient({
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
  })
