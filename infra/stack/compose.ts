import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type ServiceName, serviceNames } from './addresses.ts'
import type { Command } from './daemon.ts'
import { freePort } from './ports.ts'
import { run, tail } from './programs.ts'
import type { Progress } from './progress.ts'
import { untilReady } from './ready.ts'
import { projectDir, readRecord, stackDir, writeRecord } from './records.ts'
import type { Service } from './service.ts'
import { StackError } from './stack-error.ts'

// A container that is healthy inside answers outside as soon as its port is published.
const publishTimeoutMs = 30_000

const logFile = join(stackDir, 'docker.log')

/** Whether Docker Compose can be used: its engine answers, and soon. */
export const hasDocker = (): boolean =>
  succeeds('docker', ['info']) && succeeds('docker', ['compose', 'version'])

/** Starts services in containers and waits until they answer. */
export const startInDocker = async (
  services: readonly Service[],
  all: Readonly<Record<ServiceName, Service>>,
  options: {
    readonly progress: Progress
    readonly isTransient: boolean
    readonly signal: AbortSignal
  },
): Promise<void> => {
  const { progress, isTransient, signal } = options
  const ports = await choosePorts(all)
  const names = services.map(({ name }) => name)
  // Remembered before they are there, so that `down` takes away what a failure leaves behind.
  for (const name of names) writeRecord(name, { port: ports[name], runs: 'in docker', isTransient })
  await progress.step('stack', `starting ${names.join(', ')} with Docker Compose`, async () => {
    const command = compose(['up', '--detach', '--wait', '--wait-timeout', '180', ...names], ports)
    try {
      await run(command, logFile, signal)
    } catch (cause) {
      signal.throwIfAborted()
      const started = tail(logFile)
      await run(compose(['logs', '--tail', '15', ...names], ports), logFile)
      throw new StackError(`Docker Compose failed:\n${started}\n${tail(logFile, 60)}`, { cause })
    }
    const published = { isRunning: () => true, timeoutMs: publishTimeoutMs, signal }
    await Promise.all(services.map((one) => untilReady(one, ports[one.name], published)))
  })
}

export const stopInDocker = async (names: readonly ServiceName[]): Promise<void> => {
  const ports = rememberedPorts()
  const stays = dockerServices().filter((name) => !names.includes(name))
  // Once the last one goes, the network they share goes too.
  const args = stays.length === 0 ? ['down', '--volumes'] : ['rm', '--stop', '--force', ...names]
  await run(compose(args, ports), logFile)
  for (const name of names) writeRecord(name, { port: ports[name]! })
}

// All containers share one network namespace and its published ports, so the ports stay while any of them runs.
const choosePorts = async (
  all: Readonly<Record<ServiceName, Service>>,
): Promise<Record<ServiceName, number>> => {
  const remembered = rememberedPorts()
  const isRunning = dockerServices().length > 0
  const chosen = serviceNames.map(async (name) => {
    const port = remembered[name]
    if (isRunning && port !== undefined) return [name, port]
    return [name, await freePort({ remembered: port, first: all[name].firstPort, count: 1 })]
  })
  const ports = Object.fromEntries(await Promise.all(chosen))
  for (const name of serviceNames) writeRecord(name, { ...readRecord(name), port: ports[name] })
  return ports
}

const dockerServices = (): readonly ServiceName[] =>
  serviceNames.filter((name) => readRecord(name)?.runs === 'in docker')

const rememberedPorts = (): Partial<Record<ServiceName, number>> =>
  Object.fromEntries(
    serviceNames.flatMap((name) => {
      const record = readRecord(name)
      return record ? [[name, record.port]] : []
    }),
  )

const compose = (
  args: readonly string[],
  ports: Partial<Record<ServiceName, number>>,
): Command => ({
  command: 'docker',
  args: ['compose', '--project-name', projectName, '--file', 'infra/compose.yml', ...args],
  cwd: projectDir,
  env: Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [`${name.toUpperCase()}_PORT`, String(port)]),
  ),
})

// One of its own for each clone.
const projectName = `connectless-${createHash('sha256').update(projectDir).digest('hex').slice(0, 8)}`

const succeeds = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 3_000 }).status === 0
