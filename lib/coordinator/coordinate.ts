import type { RawConfig } from '../config/config-def.ts'
import { topicsOf } from '../config/consumer-groups.ts'
import { hasReference } from '../config/references.ts'
import { restartConfig, restartPolicyOf } from '../config/restart-policy.ts'
import { parseUnresolved } from '../config/unresolved-config.ts'
import { ConfigError, ConflictError, ConnectError, messageOf, traceOf } from '../errors.ts'
import type { Plugins } from '../plugin.ts'
import type { ConnectorRow, CoordinatorEvent, Fields, Ports, Status } from '../ports.ts'
import { followRelease } from './follow-release.ts'
import { type Action, type Actual, reconcile, type Wanted } from './reconcile.ts'

/** Makes everything what the rows want: one connector after a nudge, all of them on a tick. A connector that fails stops no other. */
export async function coordinate(
  event: CoordinatorEvent,
  ports: Ports,
  plugins: Plugins,
): Promise<void> {
  const { configs, log } = ports
  if (!event.connector) await followRelease(ports)
  const names = event.connector
    ? [event.connector]
    : [...(await configs.list()), ...(await configs.listDeleted())]
  const workersOf = livingWorkers(ports)
  for (const name of names) {
    try {
      await coordinateOne(name, ports, plugins, workersOf)
    } catch (error) {
      // Another coordinator was first; it goes on from there, and so does the next tick.
      if (!(error instanceof ConflictError))
        log.error(`Coordinating failed: ${messageOf(error)}`, { connector: name, error })
    }
  }
}

/** What follows from these is seen in another look; a deleted connector's end takes a third, and what came to its triggers meanwhile a fourth. */
const GOES_ALONE: ReadonlySet<Action['do']> = new Set(['publish tasks', 'restart tasks'])
const MAX_LOOKS = 4

async function coordinateOne(
  name: string,
  ports: Ports,
  plugins: Plugins,
  workersOf: ReturnType<typeof livingWorkers>,
): Promise<void> {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const triggers = await triggersOf(name, ports)
    // The rows last: what is carried out then is wanted as late as can be.
    const view = await ports.connectors.view(name)
    if (!view) return removeTriggers(name, triggers, ports)
    const { row, ...rows } = view
    const actual = { ...rows, ...triggers, ...(await workersOf()) }
    const wanted = wantedOf(row, plugins, ports)
    const actions = reconcile(wanted, actual, ports.clock.now())
    const first = actions.find(({ do: what }) => GOES_ALONE.has(what))
    await carryOutAll(first ? [first] : actions, { wanted, actual, ports })
    // Cleared away meanwhile, by another: what was made after that is for nobody.
    if (actions.some(makesTrigger) && !(await ports.configs.target(name)))
      return removeTriggers(name, await triggersOf(name, ports), ports)
    if (actions.length === 0 || !(first || row.deleted)) return
  }
}

const makesTrigger = (action: Action): boolean =>
  action.do === 'ensure schedule' || action.do === 'ensure mapping'

/** Somebody else has cleared the connector away; where several processes share the rows, each has triggers of its own. */
async function removeTriggers(
  connector: string,
  { schedules, mappings }: Triggers,
  ports: Ports,
): Promise<void> {
  for (const task of schedules) await ports.schedules.remove({ connector, task })
  for (const { topic } of mappings) await ports.mappings.remove(connector, topic)
}

/** `aliases`: of references, which only a running task looks up. */
function wantedOf(row: ConnectorRow, plugins: Plugins, ports: Ports): Wanted {
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

type Triggers = Pick<Actual, 'schedules' | 'mappings'>

async function triggersOf(name: string, ports: Ports): Promise<Triggers> {
  const [schedules, mappings] = await Promise.all([
    ports.schedules.list(name),
    ports.mappings.list(name),
  ])
  return { schedules, mappings }
}

/** Processes come and go by the second, and a tick over many connectors takes some. */
const LIVING_MS = 500

function livingWorkers({ worker, workers, clock }: Ports): () => Promise<Pick<Actual, 'workers'>> {
  let seen: { readonly at: number; readonly living: readonly string[] } | undefined
  return async () => {
    if (!workers) return {}
    if (!seen || clock.monotonic() - seen.at >= LIVING_MS)
      seen = { at: clock.monotonic(), living: await workers.living() }
    return { workers: { self: worker.id, living: seen.living } }
  }
}

type Look = { readonly wanted: Wanted; readonly actual: Actual; readonly ports: Ports }

/** One that fails is repeated by the next tick and keeps no other from being done. */
async function carryOutAll(actions: readonly Action[], look: Look): Promise<void> {
  const failures: unknown[] = []
  const { log } = look.ports
  for (const action of actions) {
    log.debug?.(`Carries out: ${action.do}`, {
      connector: look.wanted.row.name,
      ...placeOf(action),
    })
    try {
      await carryOut(action, look)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** What of it a line tells. */
function placeOf(action: Action): Fields {
  if ('task' in action) return { task: action.task }
  if ('topic' in action) return { topic: action.topic }
  if ('mapping' in action) return { topic: action.mapping.topic, enabled: action.mapping.enabled }
  return 'state' in action ? { state: action.state } : {}
}

async function carryOut(action: Action, { wanted, actual, ports }: Look): Promise<void> {
  const { row } = wanted
  const connector = row.name
  switch (action.do) {
    case 'publish tasks': {
      // The one that was judged: who publishes meanwhile has seen more, and this one gives up.
      const seen = actual.tasks?.generation
      const set = { generation: (seen ?? 0) + 1, version: row.version, configs: action.configs }
      return ports.tasks.publish(connector, set, seen)
    }
    case 'restart tasks':
      return restartTasks(action.tasks, row, ports)
    case 'write connector status':
      return writeStatus(action, { wanted, actual, ports })
    case 'ensure schedule':
      return ports.schedules.ensure({ connector, task: action.task })
    case 'remove schedule':
      return ports.schedules.remove({ connector, task: action.task })
    case 'invoke source':
      return ports.invoker.source({ connector, task: action.task })
    case 'invoke sink':
      return ports.invoker.sink({ connector, task: action.task })
    case 'ensure mapping':
      return ports.mappings.ensure(action.mapping)
    case 'remove mapping':
      return ports.mappings.remove(connector, action.topic)
    case 'clear away':
      return ports.configs.remove(connector, row.revision)
  }
}

/** An exception to the row's one writer, the api: one conditional write, and whoever else changes it is first. */
async function restartTasks(
  due: readonly { readonly task: number; readonly count: number }[],
  row: ConnectorRow,
  { configs, log }: Ports,
): Promise<void> {
  const [tasks, automatic] = [{ ...row.restarts.tasks }, { ...row.restarts.automatic }]
  for (const { task, count } of due) {
    const restart = (tasks[task] ?? 0) + 1
    tasks[task] = restart
    automatic[task] = { count, restart, version: row.version }
  }
  await configs.put({ ...row, restarts: { ...row.restarts, tasks, automatic } }, row.revision)
  for (const { task, count } of due)
    log.warn(`A FAILED task is restarted by itself, ${count} in a row`, {
      connector: row.name,
      task,
    })
}

async function writeStatus(
  { state, error, reason }: Extract<Action, { readonly do: 'write connector status' }>,
  { wanted: { row, version }, actual, ports }: Look,
): Promise<void> {
  const now = ports.clock.now()
  const status: Status = {
    state,
    version,
    workerId: ports.worker.id,
    since: now,
    generation: row.version,
    restart: row.restarts.connector,
    configVersion: row.version,
    asOf: row.revision,
    ...(error === undefined ? {} : failureOf(error, now)),
    ...(reason === undefined ? {} : { reason }),
  }
  // Who has said something since this look knows more.
  const inPlaceOf = actual.statuses.get('connector')?.workerId ?? NOBODY
  await ports.statuses.write(row.name, 'connector', status, inPlaceOf)
}

/** No worker has this id. */
const NOBODY = ''

const failureOf = (error: unknown, now: number) => ({
  trace: traceOf(error),
  reason: messageOf(error),
  lastError: `${new Date(now).toISOString()} ${messageOf(error)}`,
})
