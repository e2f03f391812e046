import { ConnectError, messageOf, RetriableError } from '../../errors.ts'

/** A connector's own names for the keys that a fault may lie in. */
export type FaultKeys = {
  readonly host: string
  readonly password: string
  readonly database: string
}

/** Where it happened, as a message tells it: `Redis at cache:6379, database 0`. */
export type Place = { readonly server: string; readonly keys: FaultKeys }

/**
 * What the driver or the server said, as ours: RetriableError where it may heal by itself. `doing` begins the message: `Writing to`.
 * Without a cause: the driver's errors carry the command with its arguments, a password or somebody's data (Invariant 7).
 */
export function redisFault(error: unknown, doing: string, { server, keys }: Place): ConnectError {
  if (error instanceof ConnectError) return error
  const said = saidBy(error)
  const text = `${doing} ${server} failed: ${said}`
  if (!isReply(error) || HEALS.test(said)) return new RetriableError(text, { keys: [keys.host] })
  const at = AT_FAULT.find(({ reply }) => reply.test(said))?.key
  if (at === undefined) return new ConnectError(text)
  return new ConnectError(`${text} (${keys[at]})`, { keys: [keys[at]] })
}

/** An error that the server has answered; any other comes of the way to it. */
const isReply = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError'

/** Where several addresses of one host were tried, Node gives a code and no message. */
const saidBy = (error: unknown): string =>
  messageOf(error) || String((error as { code?: unknown }).code ?? '')

/** A script's error begins with the code that stopped it as of Redis 7, and has it in its midst before. */
const code = (codes: string): RegExp => new RegExp(`(^|[ -])(${codes}) `)

const HEALS = new RegExp(
  [
    code('LOADING|BUSY|OOM|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF').source,
    'max number of clients reached',
    '^FENCED',
  ].join('|'),
)

/** What the script in fence.ts answers. */
export const isFenced = (error: unknown): boolean =>
  isReply(error) && /^FENCED/.test(messageOf(error))

const AT_FAULT: readonly { readonly reply: RegExp; readonly key: keyof FaultKeys }[] = [
  { reply: /^(WRONGPASS|NOAUTH|NOPERM)|invalid password|without any password/, key: 'password' },
  { reply: /DB index|SELECT is not allowed/, key: 'database' },
  { reply: /^(MOVED|ASK|CROSSSLOT|DENIED)|unknown command/, key: 'host' },
]
