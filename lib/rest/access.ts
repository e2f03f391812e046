/** Who may use the REST API: HTTP basic authentication, as Kafka Connect's BasicAuthSecurityRestExtension does it. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type RestUsers, restUsers, USERS_KEY } from '../config/rest-users.ts'
import { messageOf } from '../errors.ts'
import { errorAnswer } from './answers.ts'
import type { Answer, Api, Request } from './http.ts'

/** undefined for those who may come in. Never throws. */
export type Guard = (request: Request) => Promise<Answer | undefined>

/** The text with what it refers to in place of references. */
export type LookUp = (text: string) => Promise<string>

/** As `worker.access` says. Users that lie elsewhere are looked up by the first request, and anew after some minutes. */
export function guardOf(api: Api, lookUp: LookUp): Guard {
  const { worker, log } = api.ports
  if (worker.access === 'nobody')
    return async () => {
      log.error(CLOSED)
      return errorAnswer(403, CLOSED)
    }
  const { users } = worker.rest ?? {}
  if (!users) return async () => undefined
  const known = knownUsers(() => lookUp(users.reveal()), api)
  return async ({ headers }) => {
    const digests = await known()
    if (!digests) return errorAnswer(500, 'The users of the REST API cannot be read')
    return isOne(headers.authorization, digests) ? undefined : UNAUTHORIZED
  }
}

const CLOSED = `The REST API is closed: API Gateway authorizes nobody and ${USERS_KEY} is not set, so everybody could do everything`

const UNAUTHORIZED: Answer = {
  status: 401,
  text: 'User cannot access the resource.',
  headers: { 'www-authenticate': 'Basic realm="Kafka Connect"' },
}

type Digest = { readonly user: Buffer; readonly password: Buffer }

/** A changed secret takes effect after this. */
const KEPT_MS = 5 * 60_000
/** What could not be read is asked for again after this. */
const RETRY_MS = 5_000

/** undefined as long as they could never be read; what was read last is good until it can be read again. */
function knownUsers(
  text: () => Promise<string>,
  { ports }: Api,
): () => Promise<readonly Digest[] | undefined> {
  const { clock, log } = ports
  let [last, due]: [Promise<readonly Digest[] | undefined>, number] = [
    Promise.resolve(undefined),
    clock.monotonic(),
  ]
  const read = async (before: typeof last) => {
    try {
      return digestsOf(restUsers(await text()))
    } catch (error) {
      due = clock.monotonic() + RETRY_MS
      log.error(`The users of the REST API cannot be read: ${messageOf(error)}`, { error })
      return before
    }
  }
  return () => {
    if (clock.monotonic() >= due) {
      due = clock.monotonic() + KEPT_MS
      last = read(last)
    }
    return last
  }
}

const digestsOf = (users: RestUsers): Digest[] =>
  Array.from(users, ([user, password]) => ({
    user: digest(user),
    password: digest(password.reveal()),
  }))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Takes as long for an unknown user as for a wrong password, and whichever user it is. */
function isOne(authorization: string | undefined, users: readonly Digest[]): boolean {
  const [, encoded = ''] = /^basic (\S+)$/i.exec(authorization ?? '') ?? []
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  const user = digest(decoded.slice(0, Math.max(colon, 0)))
  const password = digest(decoded.slice(colon + 1))
  let found = 0
  for (const one of users)
    found |=
      Number(timingSafeEqual(one.user, user)) & Number(timingSafeEqual(one.password, password))
  return found === 1 && colon > 0
}
