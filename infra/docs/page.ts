/** docs/plugins.md: what there is to configure, from the declarations. */
import { commonConfig } from '../../lib/config/connector-config.ts'
import { sinkConfig } from '../../lib/config/sink-config.ts'
import { sourceConfig } from '../../lib/config/source-config.ts'
import type { Example, Plugin } from '../../lib/plugin.ts'
import { cell, keyTable } from './key-table.ts'
import { type Json, pretty, recordJson } from './readable.ts'

export type Described = {
  readonly plugins: readonly Plugin[]
  /** class names of those that a deployment to AWS does not have */
  readonly localOnly: ReadonlySet<string>
  /** by class name */
  readonly examples: ReadonlyMap<string, readonly Example[]>
}

const HEAD = `# Plugins

Written by \`npm run docs\` from the declarations in \`lib/\`; a change by hand is lost.
The texts of keys are those of Apache Kafka, under the [Apache License 2.0](../LICENSE), wherever Kafka has the same plugin.
A plugin is named by its class name or, where that has no \`$\`, by the last part of it, with or without \`Connector\` or \`Converter\` at the
end. In the examples a record shows what matters: what is left out is null.`

const KINDS: readonly { readonly kind: Plugin['kind']; readonly title: string }[] = [
  { kind: 'source', title: 'Source connectors' },
  { kind: 'sink', title: 'Sink connectors' },
  { kind: 'converter', title: 'Converters' },
  { kind: 'transform', title: 'Transforms' },
  { kind: 'predicate', title: 'Predicates' },
]

export const page = (described: Described): string =>
  `${[HEAD, contents(described), ...KINDS.flatMap((kind) => chapter(kind, described)), COMMON].join('\n\n')}\n`

const contents = (described: Described): string =>
  KINDS.map(({ kind, title }) => {
    const links = families(kind, described).map(([name]) => `[${name}](#${name.toLowerCase()})`)
    return links.length === 0 ? '' : `- ${title}: ${links.join(' · ')}\n`
  })
    .join('')
    .trimEnd()

/** By simple name: the plugins of that name, which are one or its variants for keys and values. */
function families(kind: Plugin['kind'], { plugins }: Described): [string, Plugin[]][] {
  const those = plugins.filter((plugin) => plugin.kind === kind)
  return Object.entries(Object.groupBy(those, ({ name }) => simpleName(name)))
    .map(([name, family = []]): [string, Plugin[]] => [name, family])
    .sort(([one], [other]) => (one < other ? -1 : 1))
}

const simpleName = (className: string): string =>
  className.slice(className.lastIndexOf('.') + 1).replace(/\$.*$/, '')

function chapter({ kind, title }: (typeof KINDS)[number], described: Described): string[] {
  const sections = families(kind, described).flatMap(([name, family]) =>
    section(name, family, described),
  )
  return sections.length === 0 ? [] : [`## ${title}`, ...sections]
}

function section(name: string, family: readonly Plugin[], described: Described): string[] {
  const [first] = family
  if (!first) return []
  const classes = family.map((plugin) => `\`${plugin.name}\``).join(', ')
  const isLocal = described.localOnly.has(first.name)
  const examples = described.examples.get(first.name) ?? []
  return [
    `### ${name}`,
    `${classes}${isLocal ? ' (local mode only)' : ''}`,
    cell(first.doc),
    keyTable(first.config),
    ...examples.flatMap((example) => shown(example, family.length > 1)),
  ]
}

function shown(example: Example, hasVariants: boolean): string[] {
  const { title, on = 'Value', config, have, want } = example
  const said = hasVariants ? `${title} (\`$${on}\`)` : title
  const after: Json =
    typeof want === 'boolean' ? want : want === null ? null : recordJson({ ...have, ...want })
  const parts = [
    ...(Object.keys(config).length === 0 ? [] : [`config  ${pretty(config, ' '.repeat(8))}`]),
    `before  ${pretty(recordJson(have), ' '.repeat(8))}`,
    after === null ? 'after   dropped' : `after   ${pretty(after, ' '.repeat(8))}`,
  ]
  return [`Example: ${cell(said)}`, ['```', ...parts, '```'].join('\n')]
}

const COMMON = [
  '## Keys that connectors have in common',
  '### All connectors',
  keyTable(commonConfig),
  '### Source connectors alone',
  keyTable(withoutCommon(sourceConfig)),
  '### Sink connectors alone',
  keyTable(withoutCommon(sinkConfig)),
].join('\n\n')

function withoutCommon(def: Plugin['config']): Plugin['config'] {
  return Object.fromEntries(
    Object.entries(def).filter(([name]) => !Object.hasOwn(commonConfig, name)),
  )
}
