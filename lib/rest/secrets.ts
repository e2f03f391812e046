import type { RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { HIDDEN } from '../config/password.ts'
import { referencesIn, replaceReferences } from '../config/references.ts'
import type { Plugins } from '../plugin.ts'
import type { Api } from './http.ts'
import { isSecretKey } from './secret-keys.ts'

/** What decides which values are secrets: the plugins' declarations, and which references are some. */
export type Masking = {
  readonly plugins: Plugins
  /** of config providers */
  readonly aliases: readonly string[]
}

export const maskingOf = ({ plugins, ports }: Api): Masking => ({
  plugins,
  aliases: Object.keys(ports.configProviders ?? {}),
})

/** The configuration as it may be shown. Invariant 7. A reference to a secret is none. */
export const masked = (config: RawConfig, { plugins, aliases }: Masking): RawConfig =>
  mapValues(config, (value, key) =>
    value !== null && isSecretKey(key, plugins) && !isReference(value, aliases) ? HIDDEN : value,
  )

const isReference = (text: string, aliases: readonly string[]): boolean => {
  const references = referencesIn(text)
  return (
    references.length > 0 &&
    references.every(({ alias }) => aliases.includes(alias)) &&
    replaceReferences(text, () => '').trim() === ''
  )
}

/** A mask that comes back stands for the value that is stored. */
export const unmasked = (config: RawConfig, stored: RawConfig, plugins: Plugins): RawConfig =>
  mapValues(config, (value, key) =>
    value === HIDDEN && isSecretKey(key, plugins) ? (stored[key] ?? value) : value,
  )

/** Masks behind which there is nothing: stored, they would be passwords. */
export function emptyMasks(config: RawConfig, plugins: Plugins): Messages {
  const empty = Object.keys(config).filter(
    (key) => config[key] === HIDDEN && isSecretKey(key, plugins),
  )
  return Object.fromEntries(
    empty.map((key) => [
      key,
      [
        `Invalid value ${HIDDEN} for configuration ${key}: It stands for a stored value, and there is none`,
      ],
    ]),
  )
}

const HEAD = `Invalid value ${HIDDEN} for configuration `

/** What is said of a secret that the class now named takes for something else, and so says aloud. */
export function unsaid(message: string, key: string, secret: string): string {
  const said = message.replace(/^Invalid value .* for configuration /s, HEAD)
  const rest = said.startsWith(HEAD) ? said.slice(HEAD.length) : said
  const parts = secret.split(',').map((part) => part.trim())
  return parts.some((part) => part !== '' && rest.includes(part)) ? HEAD + key : said
}

const mapValues = (
  config: RawConfig,
  change: (value: string | null, key: string) => string | null,
): RawConfig =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, change(value, key)]))
