import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Addresses,
  given,
  type ServiceName,
  type Status,
  serviceNames,
  variables,
} from './addresses.ts'
import { aws } from './aws.ts'
import { hasDocker, startInDocker, stopInDocker } from './compose.ts'
import { isAlive } from './daemon.ts'
import { kafka } from './kafka.ts'
import { locked } from './lock.ts'
import { mysql } from './mysql.ts'
import { comesBack, startNatively, stopNatively } from './native.ts'
import { progressTo } from './progress.ts'
import { readRecord, stackDir, writeRecord } from './records.ts'
import { redis } from './redis.ts'
import type { Service } from './service.ts'
import { StackError } from './stack-error.ts'
import { addUser, hasUsers, removeUser } from './users.ts'

export { env } from './addresses.ts'

const services: { readonly [Name in ServiceName]: Service<Name> } = { mysql, kafka, redis, aws }

const progress = progressTo(process.stderr)

export type UpOptions = {
  /** For one run only: what this starts is stopped by the last such run to `leave`. */
  readonly isTransient?: boolean
  /** Gives up on abort; what was started until then stays. */
  readonly signal?: AbortSignal
}

/** Has the services running and answering; one that does already is left as it is. @throws StackError */
export const up = (
  names: readonly ServiceName[] = serviceNames,
  { isTransient = false, signal = new AbortController().signal }: UpOptions = {},
): Promise<Status> =>
  alone(async () => {
    if (isTransient) addUser()
    const options = { progress, isTransient, signal }
    const missing = await missingOf(names)
    const givenUp = await Promise.all(
      missing.map(async (name) => !(await comesBack(services[name], options))),
    )
    const toStart = missing.filter((_name, index) => givenUp[index]).map((name) => services[name])
    if (toStart.length > 0) {
      // One way for all of them: what runs natively keeps its port and its company.
      if (!runsNatively() && hasDocker()) await startInDocker(toStart, services, options)
      else await startNatively(toStart, options)
    }
    if (!isTransient) names.forEach(keep)
    return status()
  })

/** Stops the services that `up` started. Those that are given by address are not ours to stop. */
export const down = (names: readonly ServiceName[] = serviceNames): Promise<void> =>
  alone(() => stop(names))

/** The end of a run that had called `up` with isTransient: the last one stops what was started for such runs. */
export const leave = (): Promise<void> =>
  alone(async () => {
    removeUser()
    if (!hasUsers()) await stop(serviceNames.filter((name) => readRecord(name)?.isTransient))
  })

/** The addresses of the services that answer now. */
export const status = async (): Promise<Status> => {
  const answers = await Promise.all(serviceNames.map(async (name) => [name, await answering(name)]))
  return Object.fromEntries(answers.filter(([, address]) => address !== undefined))
}

/** How a service comes to be here, for people. */
export const origin = (name: ServiceName): string => {
  if (given(name) !== undefined) return `given by ${variables[name].variable}`
  const runs = readRecord(name)?.runs
  if (runs === undefined) return 'not started'
  if (runs === 'in docker') return 'in Docker'
  return `${services[name].title}, process ${runs.pid}${isAlive(runs) ? '' : ' (ended)'}`
}

const runsNatively = (): boolean =>
  serviceNames.some((name) => typeof readRecord(name)?.runs === 'object')

const missingOf = async (names: readonly ServiceName[]): Promise<ServiceName[]> => {
  const there = await status()
  const missing = names.filter((name) => there[name] === undefined)
  for (const name of missing) {
    if (given(name) === undefined) continue
    const { variable } = variables[name]
    throw new StackError(`nothing answers at the address that ${variable} gives`)
  }
  return missing
}

const stop = async (names: readonly ServiceName[]): Promise<void> => {
  const inDocker = names.filter((name) => readRecord(name)?.runs === 'in docker')
  const stopped = names.map(async (name) => {
    const runs = readRecord(name)?.runs
    if (runs === undefined || runs === 'in docker') return
    await stopNatively(name, runs)
    progress.say(name, 'stopped')
  })
  if (inDocker.length > 0)
    await progress.step('stack', `stopping ${inDocker.join(', ')}`, () => stopInDocker(inDocker))
  await Promise.all(stopped)
}

const answering = async <Name extends ServiceName>(
  name: Name,
): Promise<Addresses[Name] | undefined> => {
  const service: Service<Name> = services[name]
  const address = given(name) ?? recorded(service)
  if (address === undefined) return undefined
  return service.probe(address).then(
    () => address,
    () => undefined,
  )
}

const recorded = <Name extends ServiceName>(
  service: Service<Name>,
): Addresses[Name] | undefined => {
  const record = readRecord(service.name)
  if (record?.runs === undefined) return undefined
  if (record.runs !== 'in docker' && !isAlive(record.runs)) return undefined
  return service.address(record.port)
}

/** A service that someone asked for outlives the runs that started or used it. */
const keep = (name: ServiceName): void => {
  const record = readRecord(name)
  if (record?.isTransient) writeRecord(name, { ...record, isTransient: false })
}

const alone = <Result>(work: () => Promise<Result>): Promise<Result> => {
  mkdirSync(stackDir, { recursive: true })
  return locked(join(stackDir, 'lock.db'), work, () =>
    progress.say('stack', 'waiting for another stack command of this clone …'),
  )
}
