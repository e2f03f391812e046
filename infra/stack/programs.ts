import { spawn } from 'node:child_process'
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Command } from './daemon.ts'
import { StackError } from './stack-error.ts'

// Debian keeps servers in sbin, which is not on everybody's PATH.
const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/** The path of a program, or undefined when it is not installed. */
export const which = (command: string): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), ...sbin]
    .map((dir) => join(dir, command))
    .find(isExecutable)

/** The path of a program that must be there. */
export const program = (command: string): string => {
  const path = which(command)
  if (path === undefined) throw new StackError(`${command} is not on PATH`)
  return path
}

/** Runs a command to its end, its output in a log file. @throws StackError with the end of the log. */
export const run = async (
  { command, args, cwd, env }: Command,
  logFile: string,
  signal?: AbortSignal,
): Promise<void> => {
  const log = openSync(logFile, 'w')
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    ...(signal && { signal }),
  })
  closeSync(log)
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exitCode, killedBy) => resolve(exitCode ?? killedBy ?? 'unknown'))
  })
  if (code !== 0)
    throw new StackError(`${command} ${args[0] ?? ''} ended with ${code}:\n${tail(logFile)}`)
}

/** The last lines of a log, indented, with its name. */
export const tail = (logFile: string, lines = 15): string => {
  const text = readFileSync(logFile, 'utf8').trimEnd()
  const last = text === '' ? ['(nothing was logged)'] : text.split('\n').slice(-lines)
  return [...last.map((line) => `    ${line}`), `    (${logFile})`].join('\n')
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
