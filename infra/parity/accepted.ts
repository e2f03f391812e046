/** Requests of the session that are answered otherwise than by Kafka Connect, on purpose; each has its row in docs/differences.md. */
export type Accepted = {
  /** as `compare.ts` names it */
  readonly request: string
  readonly reason: string
  /** the row's first cell */
  readonly row: string
}

export const ACCEPTED: readonly Accepted[] = [
  {
    request: 'POST /connectors {"name":"a","config":{"connector.class":"Nope"}}',
    reason:
      'the second time Kafka Connect answers with what it kept of the first, wrapped once more',
    row: 'A connector class that is not there, asked for again',
  },
]
