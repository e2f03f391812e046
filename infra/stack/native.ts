import { join } from 'node:path'
import { type ServiceName, variables } from './addresses.ts'
import { aptInstall } from './apt.ts'
import { type Daemon, isAlive, launch, stop } from './daemon.ts'
import { freePort, isFree } from './ports.ts'
import { run, tail, which } from './programs.ts'
import { type Progress, seconds } from './progress.ts'
import { untilReady } from './ready.ts'
import { readRecord, serviceDir, stackDir, writeRecord } from './records.ts'
import type { Place, Program, Service } from './service.ts'
import { StackError } from './stack-error.ts'

const startTimeoutMs = 60_000
const stopGraceMs = 15_000
const hungMs = 20_000
const attempts = 3

type Options = {
  readonly progress: Progress
  readonly isTransient: boolean
  readonly signal: AbortSignal
}

/** Installs what is missing of the services, all at once, and starts each as soon as it is there. */
export const startNatively = async (
  services: readonly Service[],
  options: Options,
): Promise<void> => {
  const missing = services.filter((service) => missingPrograms(service).length > 0)
  const packages = missing.length === 0 ? Promise.resolve() : installPackages(missing, options)
  const started = services.map(async (service) => {
    if (missing.includes(service)) await packages
    await start(service, options)
  })
  // All of them to their end, so that none goes on in the background.
  const ended = await Promise.allSettled(started)
  const faults = ended.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  if (faults.length > 0) throw summary(faults)
}

/** One fault as it is; of several the different messages, if they are meant to be read. */
const summary = (faults: readonly unknown[]): unknown => {
  const unexpected = faults.find((fault) => !(fault instanceof StackError))
  if (unexpected !== undefined) return unexpected
  return new StackError([...new Set(faults.map(messageOf))].join('\n'))
}

/** Whether a server that runs but did not answer does so after a while; what is left of one that does not is stopped. */
export const comesBack = async (
  service: Service,
  { progress, signal }: Options,
): Promise<boolean> => {
  const record = readRecord(service.name)
  if (record?.runs === undefined || record.runs === 'in docker') return false
  if (isAlive(record.runs)) {
    progress.say(service.name, 'it runs but does not answer: waiting …')
    if (await becomesReady(service, record.port, record.runs, signal)) return true
  }
  await stopNatively(service.name, record.runs)
  return false
}

const becomesReady = async (
  service: Service,
  port: number,
  daemon: Daemon,
  signal: AbortSignal,
): Promise<boolean> => {
  try {
    await untilReady(service, port, { isRunning: () => isAlive(daemon), timeoutMs: hungMs, signal })
    return true
  } catch {
    signal.throwIfAborted()
    return false
  }
}

export const stopNatively = async (name: ServiceName, daemon: Daemon): Promise<void> => {
  await stop(daemon, stopGraceMs)
  const { port } = readRecord(name)!
  writeRecord(name, { port })
}

// Not async: where they must be installed by hand, it throws before anything else begins.
const installPackages = (missing: readonly Service[], { progress }: Options): Promise<void> => {
  const packages = missing.flatMap(missingPrograms).map(({ debianPackage }) => debianPackage)
  const command = aptInstall(packages, stackDir)
  if (command === undefined) throw new StackError(missing.map(howToGet).join('\n'))
  return progress.step('stack', `installing ${packages.join(', ')} with apt-get`, () =>
    run(command, join(stackDir, 'apt.log')),
  )
}

const start = async (service: Service, options: Options): Promise<void> => {
  const { name } = service
  const place = placeOf(service, options)
  if (!service.isInstalled(place.dir)) await service.install(place)
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort({
      remembered: readRecord(name)?.port,
      first: service.firstPort,
      count: service.portCount,
    })
    await service.prepare(place, port)
    const startedMs = performance.now()
    const logFile = join(place.dir, 'server.log')
    const daemon = await launch(service.daemon(place.dir, port), logFile)
    writeRecord(name, { port, runs: daemon, isTransient: options.isTransient })
    try {
      await untilReady(service, port, {
        isRunning: () => isAlive(daemon),
        timeoutMs: startTimeoutMs,
        signal: options.signal,
      })
      options.progress.say(
        name,
        `${service.title} is up at port ${port} after ${seconds(startedMs)}`,
      )
      return
    } catch (cause) {
      const lostItsPort = !isAlive(daemon) && !(await isFree(port))
      await stopNatively(name, daemon)
      if (options.signal.aborted) throw cause
      if (lostItsPort && attempt < attempts) continue
      throw new StackError(
        `${service.title} did not come up: ${messageOf(cause)}\n${tail(logFile)}`,
        {
          cause,
        },
      )
    }
  }
}

const placeOf = ({ name }: Service, { progress, signal }: Options): Place => {
  const dir = serviceDir(name)
  return {
    dir,
    step: (doing, command) =>
      progress.step(name, doing, () => run(command, join(dir, 'install.log'), signal)),
  }
}

const missingPrograms = (service: Service): readonly Program[] =>
  service.needs.filter(({ command, works, isForInstall }) => {
    if (isForInstall && service.isInstalled(serviceDir(service.name))) return false
    const path = which(command)
    return path === undefined || works?.(path) === false
  })

const howToGet = (service: Service): string => {
  const programs = missingPrograms(service)
    .map(({ command, debianPackage }) => `${command} (Debian: ${debianPackage})`)
    .join(' and ')
  const { variable, example } = variables[service.name]
  return `${service.title} needs ${programs}. Install it, or start Docker, or set ${variable}=${example}`
}

const messageOf = (fault: unknown): string =>
  fault instanceof Error ? fault.message : String(fault)
