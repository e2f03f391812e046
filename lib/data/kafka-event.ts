/** What Lambda's event source mapping for Kafka hands to a function: a batch of records of one topic. */
export type KafkaEvent = {
  readonly eventSource: 'SelfManagedKafka' | 'aws:kafka'
  /** of an MSK cluster only */
  readonly eventSourceArn?: string
  /** host:port, comma-separated; not always there */
  readonly bootstrapServers?: string
  /**
   * By `topic-partition`, offsets ascending. A topic's name may hold `-`, so topic and partition are taken from the records, never from the key.
   */
  readonly records: Readonly<Record<string, readonly KafkaEventRecord[]>>
}

export type KafkaEventRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** ms since 1970, -1 for none */
  readonly timestamp: number
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME'
  /** base64; a null key is absent or null */
  readonly key?: string | null
  /** base64, '' for empty bytes; a null value, which is a tombstone, is absent or null */
  readonly value?: string | null
  /** in order, a name perhaps more than once */
  readonly headers: readonly KafkaEventHeader[]
}

/**
 * One member: the name, and the value as numbers, one a byte. Whether those above 127 come signed is not documented, so `& 0xff` each of them;
 * nor is a null value's form: null here.
 */
export type KafkaEventHeader = Readonly<Record<string, readonly number[] | null>>
