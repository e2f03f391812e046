import { type ConfigDef, type ConfigKey, defaultText } from '../../lib/config/config-def.ts'

/** The keys of a declaration, in its order. */
export function keyTable(def: ConfigDef): string {
  const rows = Object.entries(def).map(([name, key]) => {
    const cells = [`\`${name}\``, key.type, defaultCell(key), validCell(key), key.importance]
    return `| ${[...cells, cell(key.doc)].join(' | ')} |`
  })
  if (rows.length === 0) return 'It has no settings.'
  return [
    '| key | type | default | valid | importance | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

function defaultCell(key: ConfigKey): string {
  if (key.default === undefined) return 'required'
  const text = defaultText(key)
  if (text === null) return 'none'
  return text === '' ? 'empty' : code(text)
}

function validCell(key: ConfigKey): string {
  const { oneOf, oneOfIgnoringCase, atLeast, atMost } = key
  if (oneOf) return oneOf.map(code).join(', ')
  if (oneOfIgnoringCase) return `${oneOfIgnoringCase.map(code).join(', ')} in any case`
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ]
  return bounds.join(', ')
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

/** Kafka's texts are HTML in places; what else looks like a tag stands for itself. */
export const cell = (doc: string): string =>
  doc
    .replaceAll(/<\/?(?:p|br|ul|li)\s*\/?>/g, ' ')
    .replaceAll(/<code>(.*?)<\/code>/g, '`$1`')
    .replaceAll(/`[^`]*`|[<>|]/g, (found) => ESCAPED[found] ?? found)
    .replaceAll(/\s+/g, ' ')
    .trim()

const ESCAPED: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '|': '\\|' }
