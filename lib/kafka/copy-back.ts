/**
 * Repeats what stands `distance` bytes before the end, as the compressions of the Lempel-Ziv family do; it may overlap with itself.
 * @throws RangeError when it is outside of what is there.
 */
export function copyBack(into: Buffer, end: number, distance: number, length: number): number {
  if (distance <= 0 || distance > end || end + length > into.length)
    throw new RangeError('The compressed bytes are damaged')
  if (distance >= length) into.copyWithin(end, end - distance, end - distance + length)
  else for (let at = end; at < end + length; at++) into[at] = into[at - distance] as number
  return end + length
}

/** @throws RangeError likewise */
export function copyOn(
  into: Buffer,
  end: number,
  from: Buffer,
  at: number,
  length: number,
): number {
  if (at + length > from.length || end + length > into.length)
    throw new RangeError('The compressed bytes are damaged')
  from.copy(into, end, at, at + length)
  return end + length
}
