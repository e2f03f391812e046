import { existsSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EmulatedFunction } from '../lambda/emulated.ts'
import { usageOf } from './measured.ts'

export type ColdStart = {
  /** from the start of the process until it asks for its first invocation, as the emulator reports it */
  readonly initMs: number
  /** what the first invocation loads: reading, compiling and evaluating files */
  readonly loadingMs: number
  readonly firstMs: number
  readonly secondMs: number
  readonly peakRssMb: number
}

const HOOK = fileURLToPath(new URL('../lambda/loading.cjs', import.meta.url))

/** Starts a container, calls it twice with the event, and ends it. */
export async function coldStart(
  start: (environment: Readonly<Record<string, string>>) => Promise<EmulatedFunction>,
  event: unknown,
  loadingFile: string,
): Promise<ColdStart> {
  rmSync(loadingFile, { force: true })
  const container = await start({
    CONNECT_IDLE_TIMEOUT_MS: '0',
    LOADING_FILE: loadingFile,
    NODE_OPTIONS: `--require ${HOOK}`,
  })
  try {
    await container.invoke(event)
    const loadingMs = loadedSince(initEnd(container.reports), loadingFile)
    await container.invoke(event)
    const [firstMs = Number.NaN, secondMs = Number.NaN] = durations(container.reports)
    const { peakRssMb } = usageOf(container.pid())
    const initMs = figure(container.reports, /INIT REPORT\(durationMs: ([\d.]+)/)[0] ?? Number.NaN
    return { initMs, loadingMs, firstMs, secondMs, peakRssMb }
  } finally {
    await container.close()
  }
}

const figure = (lines: readonly string[], pattern: RegExp): number[] =>
  lines.flatMap((line) => {
    const found = pattern.exec(line)
    return found ? [Number(found[1])] : []
  })

const durations = (lines: readonly string[]): number[] =>
  figure(lines, /INVOKE RTDONE\(status: success, .*duration: ([\d.]+)ms/)

/** ms since 1970, of the emulator's line. */
function initEnd(lines: readonly string[]): number {
  const line = lines.find((one) => one.includes('INIT RTDONE(status: success'))
  const [, time = '', ms = ''] = /^(\d\d \w+ \d{4} [\d:]+),(\d+)/.exec(line ?? '') ?? []
  return Date.parse(time) + Number(ms)
}

/** Lines of infra/lambda/loading.cjs. */
function loadedSince(startMs: number, file: string): number {
  if (!existsSync(file)) return 0
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const loads = lines.map((line): { readonly at: number; readonly ms: number } => JSON.parse(line))
  return loads.reduce((sum, { at, ms }) => (at >= startMs ? sum + ms : sum), 0)
}
