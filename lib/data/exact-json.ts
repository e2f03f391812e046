/** JSON with every digit of its numbers kept, also of those that a JavaScript number does not hold. */

// TypeScript's library does not know JSON.rawJSON (ES2026) yet.
const { rawJSON, isRawJSON } = JSON as unknown as {
  readonly rawJSON: (text: string) => unknown
  readonly isRawJSON: (value: unknown) => value is { readonly rawJSON: string }
}

/** Compact JSON; a bigint with all its digits. */
export const exactText = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? rawJSON(String(member)) : member,
  )

/** What `exactText` and JSON.stringify write again as it stood; for nothing else. @throws SyntaxError */
export const readExactly = (text: string): unknown =>
  // A reviver is also given the source text of a primitive (ES2026), which TypeScript's types do not know yet.
  JSON.parse(text, exact as (key: string, value: unknown) => unknown)

const exact = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === 'number' && source !== undefined && String(value) !== source
    ? rawJSON(source)
    : value

/** Of a number as `readExactly` gives it: as it stood. Undefined of anything else. */
export function digitsOf(value: unknown): string | undefined {
  if (isRawJSON(value)) return value.rawJSON
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}
