import { AssignerProtocol } from 'kafkajs'
import { FencedError, messageOf, RetriableError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { type KafkaBroker, type KafkaCluster, REQUEST_TIMEOUT_MS } from './cluster.ts'
import { inTime } from './in-time.ts'
import { codeOf, kafkaError } from './kafka-errors.ts'
import { retrying } from './retrying.ts'

export type GroupSettings = {
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** how long the group waits for a member that is still at work when others come or go */
  readonly rebalanceTimeoutMs: number
}

/** Who we are in the group, kept from one connection to the next: so nobody waits for a member that is gone. */
export type Member = { id: string }

export type Membership = {
  readonly cluster: KafkaCluster
  readonly groupId: string
  readonly topic: string
  /** how many partitions the topic has */
  readonly partitions: number
  readonly member: Member
  readonly settings: GroupSettings
  readonly clock: Clock
}

/** The partitions that are ours until the group is dealt out anew. */
export type Generation = {
  readonly id: number
  readonly partitions: readonly number[]
  /**
   * What is left, by the monotonic clock, of the time in which nobody else can have our partitions: since the last sign of life that the group
   * has answered. A process that was frozen finds zero or less, until such an answer in this same generation proves that it is still the owner.
   */
  remainingMs(): number
  /** Aborted when the group is dealt out anew, or goes on without us. Its reason says which. */
  readonly over: AbortSignal
  /** @throws FencedError, and nothing is stored, when the generation is not ours any more or may not be. */
  commit(partition: number, offset: number): Promise<void>
  /** Gives signs of life until the signal is aborted. */
  stayAlive(signal: AbortSignal): Promise<void>
  /** From here on it has no time left and commits nothing. */
  end(): void
}

/** What is kept back of the time that is left, for clocks and for what is on its way. */
const MARGIN_MS = 3_000

const ASSIGNER = 'RoundRobinAssigner'
const LEAVE_TIMEOUT_MS = 2_000
/** The first group of a cluster waits for a topic to be made. */
const FINDING = { ms: 5_000 }
const AGAIN_MS = 500

// A coordinator's error codes.
const MOVING: readonly unknown[] = [14, 15, 16] // it is loading, not available, another one
const ILLEGAL_GENERATION = 22
const UNKNOWN_MEMBER_ID = 25
const REBALANCE_IN_PROGRESS = 27

/** Joins the group, or joins it again with what it takes then. */
export async function joinGroup(membership: Membership): Promise<Generation> {
  const { cluster, groupId, member, settings, clock } = membership
  const coordinator = await retrying(`finding the coordinator of group ${groupId}`, FINDING, () =>
    cluster.coordinator(groupId),
  )
  try {
    const joined = await coordinator.ask(
      (broker) =>
        broker.joinGroup({
          groupId,
          memberId: member.id,
          sessionTimeout: settings.sessionTimeoutMs,
          rebalanceTimeout: settings.rebalanceTimeoutMs,
          groupProtocols: [protocolFor(membership.topic)],
        }),
      settings.rebalanceTimeoutMs + REQUEST_TIMEOUT_MS,
    )
    member.id = joined.memberId
    const askedAt = clock.monotonic()
    const { memberAssignment } = await coordinator.ask(
      (broker) =>
        broker.syncGroup({
          groupId,
          memberId: joined.memberId,
          generationId: joined.generationId,
          groupAssignment:
            joined.leaderId === joined.memberId ? dealOut(joined.members, membership) : [],
        }),
      settings.rebalanceTimeoutMs + REQUEST_TIMEOUT_MS,
    )
    const assigned = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {}
    const partitions = assigned[membership.topic] ?? []
    return generation(membership, { id: joined.generationId, partitions, askedAt })
  } catch (error) {
    if (codeOf(error) === UNKNOWN_MEMBER_ID) member.id = ''
    throw kafkaError(`joining group ${groupId}`, error)
  }
}

const protocolFor = (topic: string) => ({
  name: ASSIGNER,
  metadata: AssignerProtocol.MemberMetadata.encode({
    version: 0,
    topics: [topic],
    userData: Buffer.alloc(0),
  }),
})

/** The first of the members deals the partitions out, one after the other. */
function dealOut(
  members: readonly { readonly memberId: string }[],
  { topic, partitions }: Membership,
): { memberId: string; memberAssignment: Buffer }[] {
  const ids = members.map(({ memberId }) => memberId).sort()
  return ids.map((memberId, at) => {
    const own = Array.from({ length: partitions }, (_, id) => id).filter(
      (id) => id % ids.length === at,
    )
    const memberAssignment = AssignerProtocol.MemberAssignment.encode({
      version: 0,
      assignment: { [topic]: own },
      userData: Buffer.alloc(0),
    })
    return { memberId, memberAssignment }
  })
}

/** So that the others need not wait until we are missed. Never throws: without an answer it is the session's end that tells them. */
export async function leaveGroup(
  cluster: KafkaCluster,
  groupId: string,
  member: Member,
): Promise<void> {
  const memberId = member.id
  if (memberId === '') return
  const leave = async () => {
    const coordinator = await cluster.coordinator(groupId)
    await coordinator.ask((broker) => broker.leaveGroup({ groupId, memberId }))
  }
  try {
    await inTime(leave(), LEAVE_TIMEOUT_MS)
    member.id = ''
  } catch (error) {
    if (codeOf(error) === UNKNOWN_MEMBER_ID) member.id = ''
  }
}

function generation(
  { cluster, groupId, topic, member, settings, clock }: Membership,
  joined: {
    readonly id: number
    readonly partitions: readonly number[]
    readonly askedAt: number
  },
): Generation {
  const { sessionTimeoutMs, heartbeatIntervalMs, rebalanceTimeoutMs } = settings
  const identity = { groupId, memberId: member.id, groupGenerationId: joined.id }
  const over = new AbortController()
  let coordinator: Promise<KafkaBroker> | undefined
  let isOurs = true
  /** when the last sign of life was sent that was answered */
  let provenAt = joined.askedAt
  /** when the group goes on without those that have not joined again */
  let rebalancedAt = Number.POSITIVE_INFINITY

  const ask: KafkaBroker['ask'] = async (call, timeoutMs) => {
    coordinator ??= cluster.coordinator(groupId)
    try {
      return await (await coordinator).ask(call, timeoutMs)
    } catch (error) {
      coordinator = undefined
      throw error
    }
  }
  const lose = (why: string): void => {
    isOurs = false
    over.abort(new RetriableError(`group ${groupId} goes on without this member: ${why}`))
  }

  async function heartbeat(): Promise<void> {
    const sentAt = clock.monotonic()
    try {
      await ask((broker) => broker.heartbeat(identity), heartbeatIntervalMs)
    } catch (error) {
      if (codeOf(error) !== REBALANCE_IN_PROGRESS) throw error
      // It began after the sign of life before this one.
      rebalancedAt = Math.min(rebalancedAt, provenAt + rebalanceTimeoutMs)
      over.abort(new RetriableError(`group ${groupId} is dealt out anew`))
    }
    provenAt = sentAt
  }

  return {
    id: joined.id,
    partitions: joined.partitions,
    over: over.signal,
    remainingMs: () =>
      isOurs
        ? Math.min(provenAt + sessionTimeoutMs, rebalancedAt) - MARGIN_MS - clock.monotonic()
        : 0,

    async stayAlive(signal) {
      let waitMs = heartbeatIntervalMs
      while (isOurs && !signal.aborted) {
        await clock.sleep(waitMs, signal)
        if (!isOurs || signal.aborted) return
        try {
          await heartbeat()
          waitMs = heartbeatIntervalMs
        } catch (error) {
          const isForgotten = clock.monotonic() - provenAt > sessionTimeoutMs + heartbeatIntervalMs
          if (isForgotten || isDisowned(error)) lose(messageOf(error))
          waitMs = Math.min(AGAIN_MS, heartbeatIntervalMs)
        }
      }
    },

    async commit(partition, offset) {
      const topics = [{ topic, partitions: [{ partition, offset: String(offset) }] }]
      const refused = (cause?: unknown) =>
        new FencedError(`The offset ${offset} of ${topic}-${partition} is not ours to commit`, {
          cause,
        })
      while (isOurs) {
        try {
          await ask((broker) => broker.offsetCommit({ ...identity, topics }))
          return
        } catch (error) {
          if (isDisowned(error)) lose(messageOf(error))
          else if (codeOf(error) === undefined)
            // It may still be on its way and arrive after a later one; a new generation makes it void.
            over.abort(new RetriableError(`a commit was not answered: ${messageOf(error)}`))
          else if (MOVING.includes(codeOf(error))) {
            await clock.sleep(AGAIN_MS)
            continue
          } else if (codeOf(error) !== REBALANCE_IN_PROGRESS)
            throw kafkaError(`committing the offset of ${topic}-${partition}`, error)
          throw refused(error)
        }
      }
      throw refused()
    },

    end() {
      isOurs = false
      over.abort(new RetriableError('the generation has ended'))
    },
  }
}

const isDisowned = (error: unknown): boolean =>
  codeOf(error) === ILLEGAL_GENERATION || codeOf(error) === UNKNOWN_MEMBER_ID
