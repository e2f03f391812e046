import { AssignerProtocol } from 'kafkajs'
import { FencedError, RetriableError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { type KafkaBroker, type KafkaCluster, REQUEST_TIMEOUT_MS } from './cluster.ts'
import { codeOf, kafkaError } from './kafka-errors.ts'

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

// Error codes of the coordinator.
const MOVED = [14, 15, 16] // loading, not available, not the coordinator
const ILLEGAL_GENERATION = 22
const UNKNOWN_MEMBER_ID = 25
const REBALANCE_IN_PROGRESS = 27
const NOT_OURS = [ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID]

/** Joins the group, or joins it again with what it takes then. */
export async function joinGroup(membership: Membership): Promise<Generation> {
  const { cluster, groupId, member, settings, clock } = membership
  const coordinator = await cluster.coordinator(groupId)
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
