import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs'
import { brokerError } from './kafka-errors.ts'

/**
 * MSK's IAM: a signed request in the place of a bearer token, with the credentials that the AWS SDK finds. It is signed here, nobody is asked
 * for it. kafkajs' own OAUTHBEARER would take the broker's refusal for a yes, and the answers after it for empty ones.
 */
export const mskIam = (region: string): Mechanism => ({
  mechanism: 'OAUTHBEARER',
  authenticationProvider: ({ saslAuthenticate }: AuthenticationProviderArgs) => ({
    authenticate: async () => {
      const token = await tokenFor(region)
      const refusal = await saslAuthenticate({
        request: {
          encode: () => bytes(`n,,${SEPARATOR}auth=Bearer ${token}${SEPARATOR}${SEPARATOR}`),
        },
        response: { decode: (answer) => answer.subarray(LENGTH_BYTES), parse: String },
      })
      if (!refusal) return
      throw Object.assign(brokerError(SASL_AUTHENTICATION_FAILED), {
        message: `SASL OAUTHBEARER authentication failed: ${refusal}`,
      })
    },
  }),
})

/** One a connection. It may be used for a quarter of an hour. */
export async function tokenFor(region: string): Promise<string> {
  const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js')
  return (await generateAuthToken({ region })).token
}

// RFC 7628: fields end with this.
const SEPARATOR = '\u0001'
const SASL_AUTHENTICATION_FAILED = 58
const LENGTH_BYTES = 4

/** With their number in front, as the protocol has them. */
function bytes(text: string): Buffer {
  const content = Buffer.from(text)
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeInt32BE(content.length)
  return Buffer.concat([length, content])
}
