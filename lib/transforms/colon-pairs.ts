/** `a:b` in its parts, as Java's String.split: empty ones at the end fall away. */
export function partsOf(mapping: string): string[] {
  const parts = mapping.split(':')
  if (parts.length === 1) return parts
  while (parts.at(-1) === '') parts.pop()
  return parts
}
