/** Who may run a task, and what is known of those who died over it. */
import type { TaskEvent } from './cloud.ts'

/** The right to be one task, for a time. */
export type Lease = {
  readonly connector: string
  readonly task: number
  /** worker_id of the holder */
  readonly owner: string
  readonly invocation: string
  /** one counter a connector: higher than that of every lease before */
  readonly epoch: number
  readonly generation: number
  readonly expiresAt: number
  /** when the holder's invocation must have ended */
  readonly invocationEndsAt: number
  /** the invocation of a successor that waits */
  readonly claim?: string
  /** given back by its holder: free at once */
  readonly released: boolean
  /** ms since 1970: Kafka has all that was there then; kept for who takes it next */
  readonly caughtUpAt?: number
}

export type Leases = {
  /**
   * Takes a lease that is free, released or expired, with a new epoch; else gives back the one in the way:
   * the task's own, or a living one of an older generation of the same connector, or any of a newer generation: the wish is outdated then.
   * Expired leases of older generations are over for good once it is taken: their holders are fenced.
   * `gone`: the connector that the wish is for has been cleared away.
   */
  take(wish: {
    readonly connector: string
    readonly task: number
    readonly owner: string
    readonly invocation: string
    readonly generation: number
    readonly ttlMs: number
    readonly invocationEndsAt: number
  }): Promise<{ readonly taken: Lease } | { readonly held: Lease } | { readonly gone: true }>
  /** Prolongs it by `ttlMs` from now and tells of a claim. @throws FencedError when it is another's by now. */
  renew(lease: Lease, ttlMs: number, caughtUpAt?: number): Promise<Lease>
  /** Gives it back; does nothing when it is another's by now. */
  release(lease: Lease, caughtUpAt?: number): Promise<void>
  /** Asks the holder to make way; does nothing when the lease is no longer the one seen. */
  claim(seen: Lease, invocation: string): Promise<void>
  /** Gives it back in the place of an invocation that has died: the lease, or undefined when that invocation does not hold it (any more). */
  releaseLost(lost: TaskEvent & { readonly invocation: string }): Promise<Lease | undefined>
  /** All of a connector, by task. */
  list(connector: string): Promise<Lease[]>
}

/** Invocations that failed without a word of their own: killed, or never begun. Written by the coordinator. */
export type Losses = {
  /**
   * Counts this one: how many of its kind and task were lost within a minute, it among them.
   * Undefined when it was the last one that was counted, or the connector is gone.
   */
  count(connector: string, unit: string, invocation: string): Promise<number | undefined>
}
