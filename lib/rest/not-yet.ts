import { javaTrim, type RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'

/** What Kafka Connect can do and this version cannot: it is refused, so that nobody believes it is done. */
const NOT_YET: readonly { readonly key: string; readonly what: string }[] = [
  { key: 'topics.regex', what: 'Topics by pattern are' },
]

/** Of a key with which something else is `wrong`, that is enough. */
export function notSupportedYet(config: RawConfig, wrong: readonly string[]): Messages {
  const asked = NOT_YET.map((one) => ({ ...one, text: javaTrim(config[one.key] ?? '') })).filter(
    ({ key, text }) => text !== '' && !wrong.includes(key),
  )
  return Object.fromEntries(
    asked.map(({ key, text, what }) => [
      key,
      [`Invalid value ${text} for configuration ${key}: ${what} not supported yet`],
    ]),
  )
}
