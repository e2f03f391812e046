import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** CPU seconds of a living process, user and system; and its largest resident size so far. Linux only: read from /proc. */
export function usageOf(pid: number): { readonly cpuSeconds: number; readonly peakRssMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // Fields 14 and 15 in clock ticks of 10 ms; the command before them may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    peakRssMb: Number(peak?.[1] ?? 0) / 1024,
  }
}

/** The database server that was started with this port on this machine; none when it runs elsewhere. */
export function databasePid(port: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return /mariadbd|mysqld/.test(command) && command.includes(`--port=${port}\0`)
        ? [Number(pid)]
        : []
    } catch {
      // It ended while we looked.
      return []
    }
  })
}

/** Runs a script of this folder in a process of its own and gives back the JSON of its last line. */
export async function runScript<Result>(
  script: string,
  ...args: readonly string[]
): Promise<Result> {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Result
}
