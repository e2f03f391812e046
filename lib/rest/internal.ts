/** What Kafka Connect's workers ask of each other. There are no other workers to ask here, so nobody has a key to sign with. */
import { errorAnswer } from './answers.ts'
import type { Answer, Call } from './http.ts'
import { readTaskConfigs } from './json-body.ts'

const ALGORITHM = 'HmacSHA256'

/** The connector's task configs, which are read before the signature is looked at. */
export async function refuseTaskConfigs(call: Call<'connector'>): Promise<Answer> {
  readTaskConfigs(call.request.body)
  return refuseInternal(call)
}

/** Refused in the order and the words in which Kafka Connect looks at a signature. */
export async function refuseInternal({ request }: Call<'connector'>): Promise<Answer> {
  const signature = request.headers['x-connect-authorization']
  const algorithm = request.headers['x-connect-request-signature-algorithm']
  if (signature === undefined || algorithm === undefined)
    return errorAnswer(400, 'Internal request missing required signature')
  if (!/^Hmac(MD5|SHA)/i.test(algorithm))
    return errorAnswer(400, `Algorithm ${algorithm} not available`)
  if (algorithm !== ALGORITHM)
    return errorAnswer(
      400,
      `This worker does not support the '${algorithm}' key signing algorithm used by other workers. This worker is currently configured to use: [${ALGORITHM}]. Check that all workers' configuration files permit the same set of signature algorithms, and correct any misconfigured worker and restart it.`,
    )
  return errorAnswer(403, 'Internal request contained invalid signature.')
}
