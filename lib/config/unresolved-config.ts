import { type ConfigDef, type Parsed, parseConfig, type RawConfig } from './config-def.ts'
import { hasReference } from './references.ts'

/**
 * What is known of a configuration before its references are looked up. A text, list or password that holds one is as it stands there,
 * a number or boolean its default, or null; no rule of theirs is asked.
 * @throws ConfigError with the first thing that is wrong with the others.
 */
export function parseUnresolved<const D extends ConfigDef>(
  def: D,
  raw: RawConfig,
  aliases: readonly string[],
): Parsed<D> {
  const isOpen = (name: string) => hasReference(raw[name], aliases)
  const keys = Object.entries(def)
  const closed = Object.fromEntries(keys.filter(([name]) => !isOpen(name)))
  const open = Object.fromEntries(
    keys.filter(([name]) => isOpen(name)).map(([name, key]) => [name, withoutRules(key)]),
  )
  const texts = Object.fromEntries(Object.entries(raw).filter(([name]) => isText(open[name])))
  // The members are those of the declaration; the numbers among them may be null, as said above.
  return { ...parseConfig(closed, raw), ...parseConfig(open, texts) } as Parsed<D>
}

type Key = ConfigDef[string]

// The members of one type are given back to it: the union of all types is too wide for the compiler.
const withoutRules = ({ type, importance, doc, default: value = null }: Key): Key =>
  ({ type, importance, doc, default: value }) as Key

const isText = (key: Key | undefined): boolean =>
  key !== undefined && ['string', 'password', 'class', 'list'].includes(key.type)
