import { RetriableError } from '../../errors.ts'
import type { Command, RedisConnection } from './connection.ts'
import { inTurn } from './connection.ts'
import { type Fence, fencedCommands, takeFence } from './fence.ts'

export type PartitionWrites = {
  readonly fence: Fence
  /** each is carried out in one go, in this order */
  readonly chunks: Iterable<readonly Command[]>
}

/** Chunks on their way at once: enough that the server never waits, few enough to hold in memory. */
const WINDOW = 8

/**
 * Carries out a delivery's writes, each partition's in order, and leaves nothing else behind. Returns when the server has answered all of them.
 * Once another delivery has taken a fence, or `remainingMs` was used up before the writes began, nothing more is written.
 * @throws RetriableError when it is to be delivered again, ConnectError
 */
export async function writeFenced(
  connection: RedisConnection,
  partitions: readonly PartitionWrites[],
  remainingMs: () => number,
): Promise<void> {
  requireTime(remainingMs)
  await inTurn(partitions.map(({ fence }) => connection.call(takeFence(fence))))
  // Only now: whoever takes the partition over when the time is up takes the fences after us.
  requireTime(remainingMs)
  const sent: Promise<unknown>[] = []
  for (const call of callsOf(partitions)) {
    const answer = connection.call(call)
    // It is awaited below, unless one before it fails.
    answer.catch(() => undefined)
    sent.push(answer)
    if (sent.length === WINDOW) await sent.shift()
  }
  await inTurn(sent)
}

function* callsOf(partitions: readonly PartitionWrites[]): Iterable<Command> {
  for (const { fence, chunks } of partitions) {
    let number = 0
    let held: readonly Command[] = []
    for (const commands of chunks) {
      if (number > 0)
        yield fencedCommands(fence, { number: number - 1, isLast: false, commands: held })
      held = commands
      number++
    }
    yield fencedCommands(fence, { number: Math.max(0, number - 1), isLast: true, commands: held })
  }
}

function requireTime(remainingMs: () => number): void {
  if (remainingMs() <= 0)
    throw new RetriableError('The time of this delivery is over: its partitions may be another’s')
}
