import type { Readable } from 'node:stream'
import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { NO_HEADERS, type OffsetMap, type SourceRecord } from '../data/record.ts'
import { STRING } from '../data/schema.ts'
import { ConnectError } from '../errors.ts'
import { type SourceTask, type SourceTaskContext, sourceConnector } from '../plugin.ts'
import { followedFile, type LineSource } from './file-stream/followed-file.ts'
import type { Line } from './file-stream/lines.ts'
import { standardInput } from './file-stream/standard-input.ts'

/** As long as FileStreamSourceTask waits. */
const POLL_INTERVAL_MS = 1_000

/** What the process has that reads. */
export type Reading = {
  readonly stdin: () => Readable
  /** ms since 1970 */
  readonly now: () => number
}

/** Kafka's quick-start source: each line of a file becomes a record, also those that are appended. */
export const fileStreamSource = ({ stdin, now }: Reading) =>
  sourceConnector({
    name: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    taskClass: 'org.apache.kafka.connect.file.FileStreamSourceTask',
    version: KAFKA_VERSION,
    doc: 'Copies the lines of a file to a topic and goes on with those that are appended. For one machine: AWS has no such file.',
    config: {
      file: {
        type: 'string',
        importance: 'high',
        default: null,
        doc: 'Source filename. If not specified, the standard input will be used',
      },
      topic: {
        type: 'string',
        importance: 'high',
        refuse: (topic) => (topic === '' ? 'String must be non-empty' : undefined),
        doc: 'The topic to publish data to',
      },
      'batch.size': {
        type: 'int',
        importance: 'low',
        default: 2000,
        doc: 'The maximum number of records the source task can read from the file each time it is polled',
      },
    },

    taskConfigs: (_config, _maxTasks, raw) => [raw],

    async startTask({ file, topic, 'batch.size': batchSize }, context) {
      const lines = file
        ? followedFile(file, await storedPosition(file, context), context.warn)
        : standardInput(stdin())
      const partition: OffsetMap = { filename: file || null }
      const recordOf = ({ text, nextAt }: Line): SourceRecord => ({
        topic,
        partition: null,
        keySchema: null,
        key: null,
        valueSchema: STRING,
        value: text,
        timestamp: now(),
        headers: NO_HEADERS,
        sourcePartition: partition,
        // Bytes, and none of standard input: nobody can go back in it.
        sourceOffset: { position: file ? nextAt : null },
      })
      return task(lines, recordOf, Math.max(1, batchSize))
    },

    previewRefusal: ({ file }): Readonly<Record<string, readonly string[]>> =>
      file
        ? {}
        : {
            file: [
              'Standard input cannot be previewed: nobody can go back in it, and the connector would never get what a preview has read',
            ],
          },

    alterOffsets({ file }, changes) {
      if (!file)
        throw new ConnectError(
          "Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.",
        )
      for (const { partition, offset } of changes) if (offset) refusePosition(partition, offset)
      return true
    },
  })

/** What cannot be a place in a file. Of whatever file: a connector may have followed another one before. */
function refusePosition(partition: OffsetMap, { position }: OffsetMap): void {
  if (position === undefined)
    throw new ConnectError("Offset objects should either be null or contain the key 'position'")
  if (typeof position !== 'bigint')
    throw new ConnectError(
      "The value for the 'position' key in the offset is expected to be a Long value",
    )
  if (position < 0n)
    throw new ConnectError(
      "The value for the 'position' key in the offset should be a non-negative value",
    )
  if (partition['filename'] === undefined)
    throw new ConnectError("Partition objects should contain the key 'filename'")
}

async function storedPosition(file: string, { offsets }: SourceTaskContext): Promise<number> {
  const [offset] = await offsets([{ filename: file }])
  const position = offset?.['position'] ?? 0
  if (typeof position === 'bigint' || Number.isSafeInteger(position)) return Number(position)
  throw new ConnectError('Offset position is the incorrect type')
}

function task(
  lines: LineSource,
  recordOf: (line: Line) => SourceRecord,
  batchSize: number,
): SourceTask {
  let isStopped = false
  return {
    pollIntervalMs: POLL_INTERVAL_MS,

    async poll() {
      try {
        const found = await lines.next(batchSize)
        return isStopped ? [] : found.map(recordOf)
      } catch (error) {
        if (isStopped) return []
        throw error
      }
    },

    async stop() {
      isStopped = true
      await lines.close()
    },
  }
}
