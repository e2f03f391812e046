/** References to values that lie elsewhere: `${alias:path:key}` or `${alias:key}`, as Kafka's ConfigTransformer reads them. */
import type { RawConfig } from './config-def.ts'

export type Reference = {
  /** as it stands there */
  readonly text: string
  readonly alias: string
  /** empty where there is none */
  readonly path: string
  readonly key: string
}

// An alias ends at the first colon, a path at the next; whatever else there is up to the first brace is the key.
const REFERENCE = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/g

/** What has the shape of a reference, whether or not there is such an alias. */
export const referencesIn = (text: string | null | undefined): Reference[] =>
  Array.from((text ?? '').matchAll(REFERENCE), referenceOf)

/** Whether something would be looked up to learn what the text means. */
export const hasReference = (
  text: string | null | undefined,
  aliases: readonly string[],
): boolean => referencesIn(text).some(({ alias }) => aliases.includes(alias))

/** The text with what `lookup` knows in place of the references. A value is not searched for further ones. */
export const replaceReferences = (
  text: string,
  lookup: (reference: Reference) => string | undefined,
): string => text.replace(REFERENCE, (...match) => lookup(referenceOf(match)) ?? match[0])

/** The configuration with each text put through `lookup`; null stays. */
export const replaceAll = (
  config: RawConfig,
  lookup: (reference: Reference) => string | undefined,
): RawConfig =>
  Object.fromEntries(
    Object.entries(config).map(([key, text]) => [
      key,
      text === null ? null : replaceReferences(text, lookup),
    ]),
  )

const referenceOf = ([
  text = '',
  alias = '',
  path = '',
  key = '',
]: readonly string[]): Reference => ({
  text,
  alias,
  path,
  key,
})
