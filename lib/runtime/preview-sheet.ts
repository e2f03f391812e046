/** What a preview shows, within bounds: an answer has its limit, and so has memory. */
import { exactText, readExactly } from '../data/exact-json.ts'
import type { OffsetMap } from '../data/record.ts'
import { messageOf } from '../errors.ts'
import { concealedPlace, concealedRecord } from './concealed-record.ts'
import type { Stage } from './tolerance.ts'

/** JSON where the bytes are some, else text, else `{ base64 }`; of much too much, `{ bytes }` says how much. */
export type Shown = unknown

export type ShownRecord = Place & {
  readonly topic: string
  readonly partition: number | null
  readonly timestamp: number | null
  readonly key: Shown
  readonly value: Shown
  readonly headers: readonly { readonly key: string; readonly value: Shown }[]
}

/** Where a record came from. */
export type Place = {
  readonly source_partition?: OffsetMap
  readonly source_offset?: OffsetMap
  readonly kafka_topic?: string
  readonly kafka_partition?: number
  readonly kafka_offset?: number | bigint
}

export type Fault = Place & {
  readonly stage: Stage | 'TASK_POLL' | 'CONSUME' | null
  readonly class: string | null
  readonly message: string
}

/** `truncated`: there was no room or no time for more, though `limit` was not reached. */
export type Preview = {
  readonly records: readonly ShownRecord[]
  readonly errors: readonly Fault[]
  readonly dropped: number
  readonly truncated?: true
}

export type Sheet = {
  /** how many records it still takes */
  left(): number
  record(shown: ShownRecord): void
  /** A record that fails takes a record's room. */
  fault(place: Place, of: Pick<Fault, 'stage' | 'class'> & { readonly error: unknown }): void
  dropped(): void
  /** The time is over: there may have been more. */
  cutShort(): void
  /** JSON of a `Preview`. */
  text(): string
}

/** Of JSON; as a text within JSON it may take twice as much, and an answer has 6 MB. */
const MAX_BYTES = 2_000_000
const MAX_VALUE_BYTES = 200_000

export function previewSheet(limit: number, conceal: (text: string) => string): Sheet {
  const records: ShownRecord[] = []
  const errors: Fault[] = []
  let [failed, dropped, bytes, isTruncated] = [0, 0, 0, false]
  function add<T>(list: T[], entry: T): void {
    bytes += Buffer.byteLength(exactText(entry))
    if (bytes > MAX_BYTES) isTruncated = true
    else list.push(entry)
  }
  return {
    left: () => (isTruncated ? 0 : limit - records.length - failed),
    record: (shown) => add(records, concealedRecord(shown, conceal)),
    fault(place, { error, ...of }) {
      const message = conceal(messageOf(error))
      add(errors, { ...of, message, ...concealedPlace(place, conceal) })
      if ((place.source_offset ?? place.kafka_offset) !== undefined) failed++
    },
    dropped() {
      dropped++
    },
    cutShort() {
      isTruncated = true
    },
    text: () => exactText({ records, errors, dropped, ...(isTruncated && { truncated: true }) }),
  }
}

export function shown(bytes: Buffer | null): Shown {
  if (bytes === null) return null
  if (bytes.length > MAX_VALUE_BYTES) return { bytes: bytes.length }
  const text = textOf(bytes)
  if (text === undefined) return { base64: bytes.toString('base64') }
  try {
    return readExactly(text)
  } catch {
    return text
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Undefined when they are no UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}
