import { ConflictError, ConnectError, messageOf, NotFoundError, traceOf } from '../errors.ts'
import type { ConnectorRow, Fields, Ports, Status } from '../ports.ts'
import { changeGroups } from './group-state.ts'
import { ensureMapping, removeMapping, saveOffsets } from './saved-offsets.ts'
import type { Action, Actual, Wanted } from './wanted-actual.ts'

type Job = { readonly wanted: Wanted; readonly actual: Actual; readonly ports: Ports }

/** One that fails is repeated by a later look and keeps no other from being done. What the connector's state is comes of how the others went. */
export async function carryOutAll(actions: readonly Action[], job: Job): Promise<unknown[]> {
  const says = (action: Action) => action.do === 'write connector status'
  const failures = await failuresOf(
    actions.filter((action) => !says(action)),
    job,
  )
  const refusal = failures.find(isRefusal)
  if (refusal !== undefined && !job.wanted.row.deleted) await sayRefused(refusal, job)
  else failures.push(...(await failuresOf(actions.filter(says), job)))
  return failures
}

async function failuresOf(actions: readonly Action[], job: Job): Promise<unknown[]> {
  const failures: unknown[] = []
  const { log } = job.ports
  for (const action of actions) {
    log.debug?.(`Carries out: ${action.do}`, { connector: job.wanted.row.name, ...placeOf(action) })
    try {
      await carryOut(action, job)
    } catch (error) {
      failures.push(error)
    }
  }
  return failures
}

/** The same call would be refused again: a quota that is used up, a name that is taken or not allowed. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ConnectError &&
  !error.retriable &&
  !(error instanceof ConflictError || error instanceof NotFoundError)

async function sayRefused(error: unknown, job: Job): Promise<void> {
  const said = job.actual.statuses.get('connector')
  const isSaid = said?.state === 'FAILED' && said.asOf === job.wanted.row.revision
  if (isSaid && said.reason === messageOf(error)) return
  await writeStatus({ do: 'write connector status', state: 'FAILED', error }, job, 'may heal')
}

/** What of it a line tells. */
function placeOf(action: Action): Fields {
  if ('task' in action) return { task: action.task }
  if ('topic' in action) return { topic: action.topic }
  if ('mapping' in action) return { topic: action.mapping.topic, enabled: action.mapping.enabled }
  return 'state' in action ? { state: action.state } : {}
}

async function carryOut(action: Action, job: Job): Promise<void> {
  const { wanted, actual, ports } = job
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
      return writeStatus(action, job)
    case 'ensure schedule':
      return ports.schedules.ensure({ connector, task: action.task })
    case 'remove schedule':
      return ports.schedules.remove({ connector, task: action.task })
    case 'invoke source':
      return ports.invoker.source({ connector, task: action.task })
    case 'invoke sink':
      return ports.invoker.sink({ connector, task: action.task })
    case 'ensure mapping':
      return ensureMapping(action.mapping, actual, ports)
    case 'remove mapping':
      // What is kept of a deleted connector's groups goes with its rows.
      return row.deleted
        ? ports.mappings.remove(connector, action.topic)
        : removeMapping(connector, action.topic, ports)
    case 'save offsets':
      return saveOffsets(connector, action.reading, ports)
    case 'mirror topics':
      return changeGroups(connector, ports, (state) => ({ ...state, mirrored: action.topics }))
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
  { wanted: { row, version }, actual, ports }: Job,
  heals?: 'may heal',
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
    ...(heals && { retriable: true }),
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
