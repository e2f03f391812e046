/** What the api asks of the functions that reach the servers. */
import type { RawConfig } from '../config/config-def.ts'
import type { TopicPartition } from './kafka.ts'
import type { PartitionOffsets } from './rows.ts'

/** What the api asks of the function that reaches the servers, by the question's name. Both go as JSON, so a bigint goes as text. */
export type Asked = {
  /** What the connector's servers find wrong with its configuration: messages by key. */
  readonly probe: {
    readonly question: { readonly config: RawConfig }
    readonly answer: { readonly messages: Readonly<Record<string, readonly string[]>> }
  }
  /**
   * A connector's next records, none of them written anywhere: JSON of a `Preview`, as text since its numbers are exact; or messages by key in its place.
   * `from`: where they begin; offsets are those of the connector of this name.
   */
  readonly preview: {
    readonly question: {
      readonly config: RawConfig
      readonly limit: number
      readonly from: 'beginning' | 'offset'
    }
    readonly answer:
      | { readonly json: string }
      | { readonly messages: Readonly<Record<string, readonly string[]>> }
  }
  /** All that these consumer groups have committed. Of a sink function. */
  readonly groupOffsets: {
    readonly question: { readonly groups: readonly string[] }
    readonly answer: { readonly offsets: readonly (GroupChange & { readonly offset: string })[] }
  }
  /** Commits offsets, or forgets them. Groups that still have members are waited for a while, all before the first is changed: then @throws as `Groups`. */
  readonly alterGroups: {
    readonly question: {
      readonly changes: readonly GroupChange[]
      /** committed before, where a group has lost them */
      readonly saved?: readonly GroupChange[]
    }
    readonly answer: Readonly<Record<never, never>>
  }
  /** What these groups have committed, of those that have no members now. */
  readonly idleGroups: {
    readonly question: { readonly groups: readonly string[] }
    readonly answer: {
      readonly groups: readonly {
        readonly group: string
        readonly offsets: readonly (TopicPartition & { readonly offset: string })[]
      }[]
    }
  }
  /**
   * Before a topic is read by a group: what it has lost of `saved` is put back, never in the place of what it has committed. `from`: another has read the
   * topic until now, so that this one goes on where that one, and what is saved of it, stopped: then @throws ConflictError where one of them has members;
   * else one that has members has lost nothing. `refused`: what brokers will not do.
   */
  readonly readyGroup: {
    readonly question: {
      readonly group: string
      readonly topic: string
      readonly saved: PartitionOffsets
      readonly from?: string
    }
    readonly answer: { readonly refused?: string }
  }
  /** Commits to groups without members what others have committed of some topics. Done of the first so many; the others are to be asked for again. */
  readonly mirrorGroups: {
    readonly question: { readonly mirrors: readonly GroupMirror[] }
    readonly answer: {
      readonly done: number
      /** of single ones, what was refused */
      readonly faults: readonly { readonly group: string; readonly message: string }[]
    }
  }
  readonly removeGroups: {
    readonly question: { readonly groups: readonly string[] }
    readonly answer: Readonly<Record<never, never>>
  }
  /** How many records of its topics each group has before it. Topics that do not exist are left out. */
  readonly sinkLag: {
    readonly question: {
      readonly groups: readonly { readonly group: string; readonly topics: readonly string[] }[]
    }
    readonly answer: {
      readonly lags: readonly {
        readonly group: string
        readonly topic: string
        readonly lag: number
      }[]
    }
  }
}

export type GroupMirror = {
  readonly group: string
  readonly of: readonly { readonly group: string; readonly topic: string }[]
}

/** An offset as digits; null forgets it. */
export type GroupChange = TopicPartition & {
  readonly group: string
  readonly offset: string | null
}

/** How a question reaches a function. */
export type AskEvent = {
  [Name in keyof Asked]: { readonly ask: Name; readonly question: Asked[Name]['question'] }
}[keyof Asked]

type AskOne = <Name extends keyof Asked>(
  what: Name,
  question: Asked[Name]['question'],
) => Promise<Asked[Name]['answer']>

/**
 * Synchronous invokes, one attempt each.
 * @throws RetriableError when there is no answer within ASK_MS or the function has no room; ConnectError when it died; else the answerer's error, of its own class.
 */
export type Ask = { readonly source: AskOne; readonly sink: AskOne }

/** How long the api waits for an answer: a request may take 20 s in all. */
export const ASK_MS = 18_000
