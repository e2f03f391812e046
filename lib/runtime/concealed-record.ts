import { HIDDEN } from '../config/password.ts'
import { digitsOf } from '../data/exact-json.ts'
import type { OffsetMap } from '../data/record.ts'
import type { Place, Shown, ShownRecord } from './preview-sheet.ts'

type Conceal = (text: string) => string

/** A transform or a source may put a setting into a record, and what a reference stands for is shown to nobody. */
export const concealedRecord = (record: ShownRecord, conceal: Conceal): ShownRecord => ({
  ...concealedPlace(record, conceal),
  topic: conceal(record.topic),
  key: concealedValue(record.key, conceal),
  value: concealedValue(record.value, conceal),
  headers: record.headers.map(({ key, value }) => ({
    key: conceal(key),
    value: concealedValue(value, conceal),
  })),
})

export const concealedPlace = <P extends Place>(place: P, conceal: Conceal): P => ({
  ...place,
  ...(place.source_partition && {
    source_partition: concealedMap(place.source_partition, conceal),
  }),
  ...(place.source_offset && { source_offset: concealedMap(place.source_offset, conceal) }),
  ...(place.kafka_topic !== undefined && { kafka_topic: conceal(place.kafka_topic) }),
})

const concealedMap = (map: OffsetMap, conceal: Conceal): OffsetMap =>
  Object.fromEntries(
    Object.entries(map).map(([key, value]) => [
      conceal(key),
      typeof value === 'string' ? conceal(value) : value,
    ]),
  )

/** Texts and names of members. A number keeps its digits unless it is the secret: it may have been a text of digits. */
function concealedValue(value: Shown, conceal: Conceal): Shown {
  if (typeof value === 'string') return conceal(value)
  const digits = digitsOf(value)
  if (digits !== undefined) return conceal(digits) === HIDDEN ? HIDDEN : value
  if (Array.isArray(value)) return value.map((one) => concealedValue(one, conceal))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [conceal(key), concealedValue(one, conceal)]),
  )
}
