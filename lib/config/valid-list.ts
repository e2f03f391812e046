/** What Kafka's validators of lists say. The two of ConfigDef.ValidList name their key in a whole message: spread them into a key's declaration. */
import type { Refusal } from './config-def.ts'

type Items = readonly string[] | null

/** Item by item something, and nothing twice: validation says so, while parseConfig lets what is repeated fall away. */
export const distinctItems = (key: string) => ({
  distinct: true as const,
  refuse: (items: Items): Refusal | undefined => refuseItems(key, items),
})

/** The same, and at least one. */
export const someDistinctItems = (key: string) => ({
  distinct: true as const,
  refuse: (items: Items): Refusal | undefined =>
    items?.length === 0
      ? {
          message: `Configuration '${key}' must not be empty. Valid values include: any non-empty value`,
        }
      : refuseItems(key, items),
})

/** Of NonEmptyListValidator: items may be repeated, and empty. */
export const refuseEmptyList = (items: Items): Refusal | undefined =>
  items === null || items.length === 0 ? 'Empty list' : undefined

function refuseItems(key: string, items: Items): Refusal | undefined {
  if (items === null) return { message: `Configuration '${key}' values must not be null.` }
  if (new Set(items).size < items.length)
    return { message: `Configuration '${key}' values must not be duplicated.` }
  return items.includes('')
    ? { message: `Configuration '${key}' values must not be empty.` }
    : undefined
}
