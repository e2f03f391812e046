import type { Addresses, ServiceName } from './addresses.ts'
import type { Command } from './daemon.ts'

/** One server of the stack: how it is installed, started and asked whether it is ready. */
export type Service<Name extends ServiceName = ServiceName> = {
  readonly name: Name
  readonly title: string
  /** It is given `portCount` ports in a row, by default from `firstPort` on. */
  readonly firstPort: number
  readonly portCount: number
  /** Programs that must be there before it can be installed and run. */
  readonly needs: readonly Program[]
  /** Whether `install` has nothing to do. */
  isInstalled(dir: string): boolean
  /** Brings what a package manager of the system does not. */
  install(place: Place): Promise<void>
  /** Writes configuration and, the first time, creates empty data. */
  prepare(place: Place, port: number): Promise<void>
  daemon(dir: string, port: number): Command
  address(port: number): Addresses[Name]
  /** @throws while the server does not answer. */
  probe(address: Addresses[Name]): Promise<void>
}

export type Program = {
  readonly command: string
  readonly debianPackage: string
  /** Not needed any more once the service is installed. */
  readonly isForInstall?: boolean
  /** For a program that can be there and still be of no use. */
  works?(path: string): boolean
}

/** Where a service lives, and how it runs the steps that take a while. */
export type Place = {
  readonly dir: string
  /** Says what is being done, runs it with its output in a log, says how long it took. @throws StackError with the end of that log. */
  step(doing: string, command: Command): Promise<void>
}
