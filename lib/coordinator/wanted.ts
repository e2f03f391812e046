import type { RawConfig } from '../config/config-def.ts'
import { topicsOf } from '../config/consumer-groups.ts'
import { hasReference } from '../config/references.ts'
import { restartConfig, restartPolicyOf } from '../config/restart-policy.ts'
import { parseUnresolved } from '../config/unresolved-config.ts'
import { ConfigError, ConnectError } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import type { ConnectorRow, Ports } from '../ports.ts'
import type { Wanted } from './wanted-actual.ts'

/** `aliases`: of references, which only a running task looks up. */
export function wantedOf(
  row: ConnectorRow,
  { plugins, ports }: { readonly plugins: Plugins; readonly ports: Ports },
): Wanted {
  const aliases = Object.keys(ports.configProviders)
  try {
    const connector = plugins.connector(row.config['connector.class'] ?? '')
    return {
      row,
      kind: connector.kind,
      version: connector.version,
      taskConfigs: taskConfigsOf(row, connector, aliases),
      restartPolicy: restartPolicyOf(row.config, ports.worker.taskRestarts),
    }
  } catch (error) {
    return { row, kind: 'unknown', version: '', taskConfigs: { error } }
  }
}

function taskConfigsOf(
  { name, config }: ConnectorRow,
  connector: ReturnType<Plugins['connector']>,
  aliases: readonly string[],
) {
  try {
    refuseReferences(config, aliases)
    const maxTasks = Number(config['tasks.max'] ?? 1)
    const parts =
      connector.kind === 'source'
        ? connector.taskConfigs(
            parseUnresolved(connector.config, config, aliases),
            maxTasks,
            config,
          )
        : dealTopics(config, maxTasks)
    if (parts.length > maxTasks) throw new ConnectError(tooManyTasks(name, parts.length, maxTasks))
    return parts.map((part) => ({ ...part, 'task.class': connector.taskClass }))
  } catch (error) {
    return { error }
  }
}

/** What the coordinator itself goes by. */
const WITHOUT_REFERENCES = [
  'connector.class',
  'tasks.max',
  'topics',
  'topics.regex',
  ...Object.keys(restartConfig),
]

function refuseReferences(config: RawConfig, aliases: readonly string[]): void {
  const key = WITHOUT_REFERENCES.find((one) => hasReference(config[one], aliases))
  if (key !== undefined)
    throw new ConfigError(
      `Invalid value ${config[key]} for configuration ${key}: It cannot be a reference, since references are looked up by running tasks alone`,
    )
}

/** Whole topics, as mappings are: a task more than there are topics would have nothing to do. */
function dealTopics(config: RawConfig, maxTasks: number): RawConfig[] {
  const topics = topicsOf(config)
  const tasks = Math.min(topics.length, maxTasks)
  return Array.from({ length: tasks }, (_, task) => ({
    ...config,
    topics: topics.filter((_topic, index) => index % tasks === task).join(','),
  }))
}

const tooManyTasks = (connector: string, tasks: number, maxTasks: number): string =>
  `The connector ${connector} has generated ${tasks} tasks, which is greater than ${maxTasks}, the maximum number of tasks it is configured to create. This behaviour should be considered a bug and is disallowed.`
