/** What is asked of a group's coordinator about its offsets, from outside the group. */
import type { CommittedOffset, TopicPartition } from '../ports.ts'
import { int32, int64, list, NO_LIST, NULL_TEXT, type Request, text } from './wire-format.ts'

/** A broker's error codes, 0 for none. */
export type GroupAnswer = {
  /** of the group */
  readonly error: number
  readonly partitions: readonly (TopicPartition & { readonly error: number })[]
}

type Fetched = {
  readonly error: number
  readonly partitions: readonly (CommittedOffset & { readonly error: number })[]
}

/** All that a group has committed. */
export const fetchAllRequest = (group: string): Request<Fetched> => ({
  name: 'OffsetFetch',
  apiKey: 9,
  version: 3,
  body: Buffer.concat([text(group), NO_LIST]),
  read(answer) {
    answer.int32() // throttle time
    const topics = answer.list(() => {
      const topic = answer.text() ?? ''
      return answer.list(() => {
        const committed = { topic, partition: answer.int32(), offset: answer.bigint64() }
        answer.text() // metadata
        return { ...committed, error: answer.int16() }
      })
    })
    return { partitions: topics.flat(), error: answer.int16() }
  },
})

/** As a broker names it: of the first of the groups, the one that was asked for. */
export const stateRequest = (
  group: string,
): Request<{ readonly error: number; readonly state: string }> => ({
  name: 'DescribeGroups',
  apiKey: 15,
  version: 0,
  body: Buffer.concat(list([group], (id) => [text(id)])),
  read(answer) {
    answer.int32() // how many groups
    const error = answer.int16()
    answer.text() // group
    return { error, state: answer.text() ?? '' }
  },
})

const NO_GENERATION = -1
const NO_MEMBER = ''

/** As one who is no member: taken while the group has none. */
export const commitRequest = (
  group: string,
  offsets: readonly CommittedOffset[],
): Request<GroupAnswer> => ({
  name: 'OffsetCommit',
  apiKey: 8,
  version: 5,
  body: Buffer.concat([
    text(group),
    int32(NO_GENERATION),
    text(NO_MEMBER),
    ...byTopic(offsets, ({ partition, offset }) => [int32(partition), int64(offset), NULL_TEXT]),
  ]),
  read(answer) {
    answer.int32() // throttle time
    return { error: 0, partitions: answer.list(() => partitionErrors(answer)).flat() }
  },
})

export const forgetRequest = (
  group: string,
  partitions: readonly TopicPartition[],
): Request<GroupAnswer> => ({
  name: 'OffsetDelete',
  apiKey: 47,
  version: 0,
  body: Buffer.concat([text(group), ...byTopic(partitions, ({ partition }) => [int32(partition)])]),
  read(answer) {
    const error = answer.int16()
    answer.int32() // throttle time
    return { error, partitions: answer.list(() => partitionErrors(answer)).flat() }
  },
})

export const removeRequest = (group: string): Request<GroupAnswer> => ({
  name: 'DeleteGroups',
  apiKey: 42,
  version: 1,
  body: Buffer.concat(list([group], (id) => [text(id)])),
  read(answer) {
    answer.int32() // throttle time
    const [error = 0] = answer.list(() => {
      answer.text() // group
      return answer.int16()
    })
    return { error, partitions: [] }
  },
})

const byTopic = <P extends TopicPartition>(
  partitions: readonly P[],
  write: (partition: P) => readonly Buffer[],
): Buffer[] =>
  list([...Map.groupBy(partitions, ({ topic }) => topic)], ([topic, ofTopic]) => [
    text(topic),
    ...list(ofTopic, write),
  ])

function partitionErrors(answer: Parameters<Request<unknown>['read']>[0]) {
  const topic = answer.text() ?? ''
  return answer.list(() => ({ topic, partition: answer.int32(), error: answer.int16() }))
}
