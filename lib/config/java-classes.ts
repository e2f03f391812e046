/** Java classes as configurations name them: where Kafka Connect loads a class, this is what is known of it. */
import type { ConfigDef } from './config-def.ts'

/** The interfaces that a class may be asked to implement, or the abstract classes to extend. */
export type PluginInterface =
  | 'Converter'
  | 'HeaderConverter'
  | 'Transformation'
  | 'Predicate'
  | 'Connector'

/** A plugin's class, or one that is known to be none. */
export type NamedClass = {
  readonly name: string
  /** left out: it can be made */
  readonly is?: 'interface' | 'abstract'
  readonly interfaces: readonly PluginInterface[]
  /** of an abstract class: those nested in it that can be made */
  readonly nested?: readonly string[]
  readonly plugin?: { readonly version: string; readonly config: ConfigDef }
}

/** By class name or alias; undefined where there is no such class. */
export type Classes = (name: string) => NamedClass | undefined

/** Why it cannot serve as this, in the words of Utils.ensureConcreteSubclass; undefined when it can. */
export function refuseClass(found: NamedClass, wanted: PluginInterface): string | undefined {
  if (!found.interfaces.includes(wanted))
    return `Class ${javaText(found)} does not implement the ${wanted} interface`
  if (!found.is) return undefined
  const nested = found.nested ?? []
  const hint = nested.length > 0 ? ` Did you mean ${nested.join(', ')}?` : ''
  return `This class is abstract and cannot be created.${hint}`
}

const javaText = ({ is, name }: NamedClass): string =>
  `${is === 'interface' ? 'interface' : 'class'} ${name}`

/** As findPluginLoader says it. A class that serves as two kinds of plugin is counted, and its version named, twice. */
export const noSuchVersion = (
  { name, interfaces, plugin }: NamedClass,
  range: { readonly text: string },
): string =>
  `Plugin ${name} not found that matches the version range ${range.text}, available versions: [${interfaces.map(() => plugin?.version).join(', ')}]`

/** Whether the JDK loads it itself, as the REST API's answers tell. */
export const isJdkClass = ({ name }: NamedClass): boolean => name.startsWith('java.')

/** Classes of Java and of Kafka that are no plugins. There are thousands more; these are the ones to be mistaken for one. */
export function otherClass(name: string): NamedClass | undefined {
  const own = OTHER_CLASSES.get(name)
  return own && { name, ...own }
}

type Other = Omit<NamedClass, 'name'>

const each = (is: NamedClass['is'], inPackage: string, names: string): [string, Other][] =>
  names.split(' ').map((name) => [`${inPackage}.${name}`, { interfaces: [], ...(is && { is }) }])

const CONNECT = 'org.apache.kafka.connect'
const SERIALIZED =
  'Boolean ByteArray ByteBuffer Bytes Double Float Integer List Long Short String UUID Void'

const OTHER_CLASSES: ReadonlyMap<string, Other> = new Map([
  [`${CONNECT}.storage.Converter`, { is: 'interface', interfaces: ['Converter'] }],
  [`${CONNECT}.storage.HeaderConverter`, { is: 'interface', interfaces: ['HeaderConverter'] }],
  [
    `${CONNECT}.converters.NumberConverter`,
    { is: 'abstract', interfaces: ['Converter', 'HeaderConverter'] },
  ],
  [`${CONNECT}.transforms.Transformation`, { is: 'interface', interfaces: ['Transformation'] }],
  [`${CONNECT}.transforms.predicates.Predicate`, { is: 'interface', interfaces: ['Predicate'] }],
  [`${CONNECT}.connector.Connector`, { is: 'abstract', interfaces: ['Connector'] }],
  [`${CONNECT}.source.SourceConnector`, { is: 'abstract', interfaces: ['Connector'] }],
  [`${CONNECT}.sink.SinkConnector`, { is: 'abstract', interfaces: ['Connector'] }],
  ...each('interface', `${CONNECT}.connector`, 'Task'),
  ...each('abstract', `${CONNECT}.source`, 'SourceTask'),
  ...each('abstract', `${CONNECT}.sink`, 'SinkTask'),
  ...each(undefined, `${CONNECT}.file`, 'FileStreamSourceTask FileStreamSinkTask'),
  ...each(undefined, 'org.apache.kafka.common.config', 'ConfigDef'),
  ...each(undefined, 'org.apache.kafka.common.metrics', 'JmxReporter'),
  ...each('interface', 'org.apache.kafka.clients.producer', 'Partitioner'),
  ...each(undefined, 'org.apache.kafka.clients.producer', 'RoundRobinPartitioner'),
  ...each('interface', 'org.apache.kafka.common.serialization', 'Serializer Deserializer'),
  ...each(
    undefined,
    'org.apache.kafka.common.serialization',
    SERIALIZED.replaceAll(/\w+/g, '$&Serializer $&Deserializer'),
  ),
  ...each(
    undefined,
    'org.apache.kafka.common.security.oauthbearer',
    'DefaultJwtRetriever DefaultJwtValidator',
  ),
  ...each(
    undefined,
    'java.lang',
    'String Object Integer Long Short Byte Boolean Double Float Character Void Math System Thread Class StringBuilder Exception RuntimeException Error',
  ),
  ...each('abstract', 'java.lang', 'Number Enum Process ClassLoader'),
  ...each(
    'interface',
    'java.lang',
    'Runnable Comparable Iterable CharSequence AutoCloseable Cloneable',
  ),
  ...each(
    undefined,
    'java.util',
    'ArrayList LinkedList HashMap LinkedHashMap TreeMap HashSet Date UUID Objects Optional Properties Random Arrays Collections',
  ),
  ...each('abstract', 'java.util', 'AbstractMap AbstractList Calendar'),
  ...each('interface', 'java.util', 'List Map Set Collection Iterator Queue'),
  ...each('interface', 'java.util.function', 'Function Predicate Supplier Consumer'),
  ...each(undefined, 'java.util.regex', 'Pattern Matcher'),
  ...each(undefined, 'java.io', 'File'),
  ...each('interface', 'java.io', 'Closeable Serializable'),
])
