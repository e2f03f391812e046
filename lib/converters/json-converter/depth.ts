import { DataError } from '../../errors.ts'

/** Jackson's limit on nested objects and arrays, in both directions. */
export const MAX_DEPTH = 1000

/** @throws DataError for what Jackson refuses to write. */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH)
    throw new DataError(
      'Converting Kafka Connect data to byte[] failed due to serialization error: ',
      { cause: new RangeError(`nested deeper than ${MAX_DEPTH}`) },
    )
}
