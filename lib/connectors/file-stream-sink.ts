import { type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { KAFKA_VERSION } from '../config/kafka-version.ts'
import { javaText } from '../data/java-text.ts'
import { ConnectError, messageOf, RetriableError } from '../errors.ts'
import { sinkConnector } from '../plugin.ts'

/** Kafka's quick-start sink: the text of each value becomes a line of a file. */
export const fileStreamSink = ({ stdout }: { readonly stdout: Writable }) =>
  sinkConnector({
    name: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
    taskClass: 'org.apache.kafka.connect.file.FileStreamSinkTask',
    version: KAFKA_VERSION,
    doc: 'Appends the value of each record to a file, as a line of text. For one machine: AWS has no such file.',
    config: {
      file: {
        type: 'string',
        importance: 'high',
        default: null,
        doc: 'Destination filename. If not specified, the standard output will be used',
      },
    },

    async startTask({ file }) {
      const { append, close } = file ? await appendedFile(file) : standardOutput(stdout)
      return {
        async put(records, { remainingMs }) {
          if (records.length === 0) return
          if (remainingMs() <= 0) throw new RetriableError('The time for this batch is over')
          const lines = records.map(({ value, valueSchema }) => `${javaText(value, valueSchema)}\n`)
          await append(lines.join(''))
        },
        stop: close,
      }
    },

    // The groups' offsets are all there is: the file is appended to.
    alterOffsets: () => true,
  })

type Output = {
  /** Returns when the text is there to stay. @throws RetriableError */
  append(text: string): Promise<void>
  /** Never throws. */
  close(): Promise<void>
}

async function appendedFile(file: string): Promise<Output> {
  const handle = await open(file, 'a').catch((cause: unknown) => {
    throw new ConnectError(`Couldn't find or create file '${file}' for FileStreamSinkTask`, {
      cause,
    })
  })
  let isMidLine = false

  async function write(bytes: Buffer): Promise<void> {
    let written = 0
    try {
      while (written < bytes.length)
        written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten
    } finally {
      if (written > 0) isMidLine = bytes[written - 1] !== 0x0a
    }
  }

  return {
    async append(text) {
      try {
        // After a write that broke off, the batch comes again: its first line begins on a line of its own.
        await write(Buffer.from(isMidLine ? `\n${text}` : text))
        await handle.datasync()
      } catch (cause) {
        throw new RetriableError(`Appending to ${file}: ${messageOf(cause)}`, { cause })
      }
    },
    close: () => closed(handle),
  }
}

const closed = (handle: FileHandle): Promise<void> => handle.close().catch(() => undefined)

const standardOutput = (stdout: Writable): Output => ({
  append: (text) =>
    new Promise((resolve, reject) => {
      stdout.write(text, (cause) =>
        cause
          ? reject(new RetriableError(`Writing to standard output: ${cause.message}`, { cause }))
          : resolve(),
      )
    }),
  close: async () => undefined,
})
