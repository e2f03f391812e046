/** Requests and answers of Kafka's protocol, in the versions before tagged fields. Records have files of their own. */
import type { ConnectionPool } from 'kafkajs/src/cluster/connectionPoolBuilder.js'

/** A request of ours over a connection of kafkajs. */
export type Request<T> = {
  readonly name: string
  readonly apiKey: number
  readonly version: number
  readonly body: Buffer
  readonly read: (answer: Answer) => T
  /** Asked when the connection stands, with nothing left to do but to write. @throws what the request is to fail with, unsent. */
  readonly beforeWrite?: () => void
}

export function send<T>(connections: ConnectionPool, request: Request<T>): Promise<T> {
  const { name, apiKey, version, body, read, beforeWrite } = request
  return connections.send<T>({
    request: {
      apiKey,
      apiVersion: version,
      apiName: name,
      async encode() {
        beforeWrite?.()
        return { buf: body, buffer: body }
      },
    },
    response: {
      decode: async (answer) => read(answerIn(answer)),
      parse: async (decoded) => decoded,
    },
    logResponseError: false,
  })
}

// ---- writing ----

export const int8 = (value: number): Buffer => Buffer.of(value & 255)

export function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int64(value: number | bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export const text = (value: string): Buffer =>
  Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])

export const NULL_TEXT: Buffer = int16(-1)

export const list = <T>(items: readonly T[], write: (item: T) => readonly Buffer[]): Buffer[] => [
  int32(items.length),
  ...items.flatMap(write),
]

/** Null in place of a list. */
export const NO_LIST: Buffer = int32(-1)

// ---- reading ----

/** Reads on, one value after the other. */
export type Answer = ReturnType<typeof answerIn>

export function answerIn(bytes: Buffer) {
  let at = 0
  const moved = (by: number): number => {
    const from = at
    at += by
    return from
  }
  const sized = (length: number): Buffer | null =>
    length < 0 ? null : bytes.subarray(moved(length), at)
  const int32 = () => bytes.readInt32BE(moved(4))
  const text = (): string | null => sized(bytes.readInt16BE(moved(2)))?.toString() ?? null
  return {
    boolean: () => bytes.readInt8(moved(1)) !== 0,
    int16: () => bytes.readInt16BE(moved(2)),
    int32,
    /** Offsets and producer ids stay far below 2^53. */
    int64: () => Number(bytes.readBigInt64BE(moved(8))),
    /** One that anybody may have set. */
    bigint64: () => bytes.readBigInt64BE(moved(8)),
    text,
    bytes: (): Buffer | null => sized(int32()),
    list: <T>(read: () => T): T[] => Array.from({ length: Math.max(0, int32()) }, read),
  }
}
