import { isClientSecret } from '../config/client-config.ts'
import type { Plugin, Plugins } from '../plugin.ts'

/** Where a plugin's keys may stand in a connector's configuration. */
export type Place = {
  readonly kind: 'connector' | 'transform' | 'predicate' | 'converter'
  /** of its keys: `transforms.a.` */
  readonly prefix: string
  /** the key that names its class */
  readonly classKey: string
}

export const CONNECTOR: Place = { kind: 'connector', prefix: '', classKey: 'connector.class' }

/**
 * Whether a key's value is a secret: to any plugin that there is, or to Kafka's own clients. What the configuration names as classes is not asked,
 * or a secret would be none any more as soon as another class is named.
 */
export const isSecretKey = (key: string, plugins: Plugins): boolean =>
  isClientSecret(key) || placesOf(key, plugins).length > 0

/** Where the plugins stand to which the key may be a password. Of an alias that has dots there may be several. */
export function placesOf(key: string, plugins: Plugins): readonly Place[] {
  const passwords = passwordsOf(plugins)
  return possiblePlaces(key).filter(({ kind, prefix }) =>
    passwords[kind].has(key.slice(prefix.length)),
  )
}

const CHAINED = /^(transform|predicate)s\./
const CONVERTED = /^(?:key|value|header)\.converter\./

function possiblePlaces(key: string): Place[] {
  const converter = CONVERTED.exec(key)?.[0]
  if (converter !== undefined)
    return [CONNECTOR, { kind: 'converter', prefix: converter, classKey: converter.slice(0, -1) }]
  const chained = CHAINED.exec(key)
  if (!chained) return [CONNECTOR]
  const kind = chained[1] as 'transform' | 'predicate' // the pattern has no other
  return [
    CONNECTOR,
    ...prefixesIn(key, chained[0].length).map((prefix) => chainPlace(kind, prefix)),
  ]
}

/** Every beginning of the key that ends with a dot after the `from`th character. */
const prefixesIn = (key: string, from: number): string[] =>
  [...key.slice(from).matchAll(/\./g)].map(({ index }) => key.slice(0, from + index + 1))

const chainPlace = (kind: 'transform' | 'predicate', prefix: string): Place => ({
  kind,
  prefix,
  classKey: `${prefix}type`,
})

type Passwords = Readonly<Record<Place['kind'], ReadonlySet<string>>>

/** By the plugins: a list of many connectors asks for them all the time. */
const known = new WeakMap<Plugins, Passwords>()

function passwordsOf(plugins: Plugins): Passwords {
  const before = known.get(plugins)
  if (before) return before
  const passwords = {
    connector: passwordsTo(plugins, ['source', 'sink']),
    transform: passwordsTo(plugins, ['transform']),
    predicate: passwordsTo(plugins, ['predicate']),
    converter: passwordsTo(plugins, ['converter']),
  }
  known.set(plugins, passwords)
  return passwords
}

const passwordsTo = ({ all }: Plugins, kinds: readonly Plugin['kind'][]): ReadonlySet<string> =>
  new Set(
    all
      .filter(({ kind }) => kinds.includes(kind))
      .flatMap(({ config }) =>
        Object.keys(config).filter((key) => config[key]?.type === 'password'),
      ),
  )
