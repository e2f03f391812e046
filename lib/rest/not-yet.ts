import { javaTrim, type RawConfig } from '../config/config-def.ts'
import type { Messages } from '../config/connector-config.ts'
import { SIMPLE_HEADER_CONVERTER } from './plugin-choices.ts'

/** What Kafka Connect can do and this version cannot: it is refused, so that nobody believes it is done. */
const NOT_YET: readonly {
  readonly key: string
  readonly what: string
  readonly harmless?: string
}[] = [
  { key: 'transforms', what: 'Transforms are' },
  { key: 'topics.regex', what: 'Topics by pattern are' },
  { key: 'errors.deadletterqueue.topic.name', what: 'Dead letter queues are' },
  {
    key: 'header.converter',
    what: 'Header converters are',
    harmless: SIMPLE_HEADER_CONVERTER,
  },
]

export function notSupportedYet(config: RawConfig): Messages {
  const asked = NOT_YET.map((one) => ({ ...one, text: javaTrim(config[one.key] ?? '') })).filter(
    ({ text, harmless }) => text !== '' && text !== harmless,
  )
  return Object.fromEntries(
    asked.map(({ key, text, what }) => [
      key,
      [`Invalid value ${text} for configuration ${key}: ${what} not supported yet`],
    ]),
  )
}
