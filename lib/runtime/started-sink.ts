/** A sink task with all that its records pass: convert ▶ transform ▶ put, and the dead letters of those that cannot. */
import { parseConfig, type RawConfig } from '../config/config-def.ts'
import { named } from '../config/loggers.ts'
import type { KafkaEvent } from '../data/kafka-event.ts'
import type { KafkaRecord, SinkRecord } from '../data/record.ts'
import { RetriableError } from '../errors.ts'
import type { Plugins, SinkBatch, SinkConnector, SinkTask } from '../plugin.ts'
import type { Ports, TaskEvent } from '../ports.ts'
import { convertersOf } from './converters.ts'
import { deadLetterSender } from './dead-letter-sender.ts'
import { type Consumed, deadLetterQueueOf, ensureQueue, sinkLetter } from './dead-letters.ts'
import { type Delivered, errantRecords } from './errant-records.ts'
import type { LastErrors } from './last-errors.ts'
import { passAll } from './passage.ts'
import { consumedBytes, consumedOf, sinkPassage } from './sink-records.ts'
import { type Trouble, toleranceOf, type Wait } from './tolerance.ts'
import { transformsOf } from './transforms.ts'

export type StartedSink = {
  /**
   * Takes an event to the target, and what has to go there to the dead letter queue; `again` repeats what may heal as long as there is time.
   * @throws RetriableError, ConnectError: nothing of the event may be acknowledged then.
   */
  take(event: KafkaEvent, delivery: Delivery): Promise<void>
  /** Never throws. */
  stop(): Promise<void>
}

export type Delivery = {
  readonly remainingMs: () => number
  /** between attempts at one record */
  readonly wait: Wait
  readonly again: (doing: string, attempt: (batch: SinkBatch) => Promise<void>) => Promise<void>
}

type Given = {
  /** as it runs */
  readonly config: RawConfig
  readonly task: TaskEvent
  readonly connector: SinkConnector
  readonly errors: LastErrors
  readonly ports: Ports
  readonly plugins: Plugins
}

/** @throws ConfigError, ConnectError; RetriableError when a server that it needs cannot be reached now. */
export async function startSink(given: Given): Promise<StartedSink> {
  const { config, task, connector, errors, ports, plugins } = given
  const { metrics, log, worker, topics, clock } = ports
  const tolerance = toleranceOf(config, task, ports, errors.noteRecord)
  const converters = convertersOf(config, worker.converters, plugins)
  const passage = sinkPassage(converters, transformsOf(config, plugins))
  const queue = deadLetterQueueOf(config)
  if (queue) await ensureQueue(queue, topics)
  const sender = queue && deadLetterSender(queue, task, ports)

  const letterOf = (consumed: Consumed, trouble: Trouble): KafkaRecord[] => {
    if (!queue) return []
    metrics.add('deadletterqueue-produce-requests', 1, task)
    return [sinkLetter(queue, task, { consumed, trouble })]
  }
  const errants = errantRecords({ tolerance, converters, letterOf, sender })
  const ownLog = named(log, connector.name)
  const started: SinkTask = await connector.startTask(parseConfig(connector.config, config), {
    ...task,
    warn: (message, details) => ownLog.warn(message, { ...task, ...details }),
    reportErrant: errants.report,
  })

  async function take(event: KafkaEvent, delivery: Delivery): Promise<void> {
    const { remainingMs, wait, again } = delivery
    const consumed = consumedOf(event)
    const beganAt = clock.monotonic()
    metrics.add('sink-record-read-total', consumed.length, task)
    metrics.measure('batch-size', consumed.length, task)
    const passed = await passAll(consumed, passage, tolerance, wait)
    if (!passed) throw new RetriableError('The batch comes again: a record needs another attempt')
    const letters = passed.troubles.flatMap(({ original, trouble }) =>
      letterOf(consumedBytes(original), trouble),
    )
    const sendLetters = async () => {
      if (letters.length > 0)
        await again('sends dead letters again', async () =>
          sender?.send(letters, () => remainingMs() > 0),
        )
    }
    if (passed.failure) {
      await sendLetters()
      throw passed.failure
    }
    await errants.during({ consumed, remainingMs }, (delivered) =>
      again('puts the batch again', (batch) => put(passed.results, batch, delivered)),
    )
    metrics.add('sink-record-send-total', passed.results.length, task)
    // Last, so that a batch that is delivered again for the target's sake has left no letters yet.
    await sendLetters()
    log.debug?.(`Batch of ${consumed.length} records delivered`, {
      ...task,
      put: passed.results.length,
      letters: letters.length,
      ms: Math.round(clock.monotonic() - beganAt),
    })
  }

  async function put(
    records: readonly SinkRecord[],
    batch: SinkBatch,
    delivered: Delivered,
  ): Promise<void> {
    // All records are put again, and reported again.
    delivered.reports.length = 0
    delete delivered.failing
    const beganAt = clock.monotonic()
    try {
      await started.put(records, batch)
      metrics.measure('put-batch-time-ms', clock.monotonic() - beganAt, task)
    } finally {
      await Promise.allSettled(delivered.reports)
    }
    // Whatever the task made of its errant records: they are in the queue, or the batch is not taken.
    await Promise.all(delivered.reports)
  }

  return {
    take,
    async stop() {
      await Promise.all([started.stop(), sender?.close()])
    },
  }
}
