import type { Command } from './connection.ts'

/**
 * The right to write one topic partition's records, held by one delivery: a key in Redis with its token and the number of the
 * chunk that comes next. A delivery whose process was frozen finds another's token or none, and the server refuses its chunks;
 * so it does with a chunk after one that failed, so that no later write can come before an earlier one.
 */
export type Fence = { readonly key: string; readonly token: string }

export const fenceOf = (
  connector: string,
  partition: { readonly topic: string; readonly partition: number },
  token: string,
): Fence => ({
  key: `connectless:fence:${connector}:${partition.topic}-${partition.partition}`,
  token,
})

/** Renewed by each chunk; long enough for any pause between two of them, and all that is left of a delivery that failed. */
const TTL_S = '60'

const stateOf = ({ token }: Fence, chunk: number): string => `${token}:${chunk}`

/** Takes it from whoever has it. */
export const takeFence = (fence: Fence): Command => [
  'SET',
  fence.key,
  stateOf(fence, 0),
  'EX',
  TTL_S,
]

/** ARGV: the value that the fence must have, the one that it gets or '' to remove it, then each command: its name, how many arguments, and these. */
const SCRIPT = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('FENCED another delivery of this partition has begun, or an earlier write of this one failed')
end
local at = 3
while ARGV[at] do
  local last = at + 1 + ARGV[at + 1]
  redis.call(ARGV[at], unpack(ARGV, at + 2, last))
  at = last + 1
end
if ARGV[2] == '' then
  return redis.call('DEL', KEYS[1])
end
return redis.call('SET', KEYS[1], ARGV[2], 'EX', ${TTL_S})`

/** The commands of one chunk in one go, if the fence still stands; of at most 7,900 arguments each, as many as Lua hands on. Always EVAL: the text is 1 % of a chunk, and no script can be missing. */
export const fencedCommands = (
  fence: Fence,
  chunk: {
    readonly number: number
    readonly isLast: boolean
    readonly commands: readonly Command[]
  },
): Command => {
  const next = chunk.isLast ? '' : stateOf(fence, chunk.number + 1)
  const call: [string, ...string[]] = [
    'EVAL',
    SCRIPT,
    '1',
    fence.key,
    stateOf(fence, chunk.number),
    next,
  ]
  for (const [name, ...args] of chunk.commands) {
    call.push(name, String(args.length))
    for (const arg of args) call.push(arg)
  }
  return call
}
