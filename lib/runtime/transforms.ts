/** The chain of transforms of a connector, as Kafka Connect's ConnectorConfig checks it and TransformationStage runs it. */
import { classesOf } from '../config/class-names.ts'
import { parseConfig, type RawConfig } from '../config/config-def.ts'
import { commonConfig } from '../config/connector-config.ts'
import type { Classes } from '../config/java-classes.ts'
import { requiredChainConfig } from '../config/transform-config.ts'
import type { ConnectRecord } from '../data/record.ts'
import { ConfigError, ConnectError, errorClassOf, messageOf } from '../errors.ts'
import type { ConfiguredPredicate, ConfiguredTransform, Plugins } from '../plugin.ts'
import { settingsUnder } from './settings-under.ts'

/** One transform of a connector's chain, with its predicate. */
export type TransformStep = ConfiguredTransform & {
  readonly alias: string
  /** its class name, which errors are reported with */
  readonly className: string
}

const LISTS = { transforms: commonConfig.transforms, predicates: commonConfig.predicates } as const

/** The chain that `transforms` names, in its order, checked and configured as a worker does it. @throws ConfigError, ConnectError */
export function transformsOf(config: RawConfig, plugins: Plugins): readonly TransformStep[] {
  const { transforms, predicates } = parseConfig(LISTS, config)
  if (transforms.length === 0 && predicates.length === 0) return []
  const classes = classesOf(plugins.all)
  parseConfig(requiredChainConfig({ config, classes }), config)
  const chain: Chain = { config, plugins, classes, predicates }
  return transforms.map((alias) => wrapped(() => stepOf(alias, chain)))
}

type Chain = {
  readonly config: RawConfig
  readonly plugins: Plugins
  readonly classes: Classes
  /** those that are declared */
  readonly predicates: readonly string[]
}

function stepOf(alias: string, chain: Chain): TransformStep {
  const prefix = `transforms.${alias}.`
  const { predicate, negate, ...own } = settingsUnder(prefix, chain.config)
  const plugin = chain.plugins.transform(classNamed(prefix, chain))
  const configured = plugin.configure(parseConfig(plugin.config, own))
  const named = { alias, className: plugin.name }
  if (predicate === undefined || predicate === null)
    return { ...named, apply: (record) => configured.apply(record) }
  return {
    ...named,
    apply: conditional(configured, predicateOf(predicate, chain), negate?.toLowerCase() === 'true'),
  }
}

/** Each use has a predicate of its own. */
function predicateOf(alias: string, chain: Chain): ConfiguredPredicate {
  const prefix = `predicates.${alias}.`
  if (!chain.predicates.includes(alias))
    return wrapped(() => {
      throw new ConfigError(`Unknown configuration '${prefix}plugin.version'`)
    })
  const plugin = chain.plugins.predicate(classNamed(prefix, chain))
  return plugin.configure(parseConfig(plugin.config, settingsUnder(prefix, chain.config)))
}

const conditional =
  (transform: ConfiguredTransform, predicate: ConfiguredPredicate, isNegated: boolean) =>
  <R extends ConnectRecord>(record: R): R | null =>
    predicate.test(record) === isNegated ? record : transform.apply(record)

function classNamed(prefix: string, { config, classes }: Chain): string {
  const name = config[`${prefix}type`] ?? ''
  return classes(name)?.name ?? name
}

/** As `new ConnectException(cause)`, whose message is the cause's class and message. */
function wrapped<T>(make: () => T): T {
  try {
    return make()
  } catch (cause) {
    throw new ConnectError(`${errorClassOf(cause)}: ${messageOf(cause)}`, { cause })
  }
}
