import { setTimeout as sleep } from 'node:timers/promises'
import type { Service } from './service.ts'

/** Resolves when the server itself answers. @throws when it has ended, or takes too long. */
export const untilReady = async (
  service: Service,
  port: number,
  until: {
    readonly isRunning: () => boolean
    readonly timeoutMs: number
    readonly signal: AbortSignal
  },
): Promise<void> => {
  const deadlineMs = performance.now() + until.timeoutMs
  for (;;) {
    until.signal.throwIfAborted()
    const fault = await service.probe(service.address(port)).then(
      () => undefined,
      (error: unknown) => error ?? 'unknown',
    )
    // Asked after the probe: whoever answered at this port, it was not a process that has ended.
    if (!until.isRunning()) throw new Error('its process has ended')
    if (fault === undefined) return
    if (performance.now() > deadlineMs) throw new Error('it does not answer', { cause: fault })
    await sleep(50)
  }
}
