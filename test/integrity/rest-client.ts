import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectorStatus } from '../../infra/connectless-process.ts'

export type Answered = { readonly status: number; readonly text: string }

/** Whatever the answer's status; a body that is text goes as it is, any other as JSON. */
export async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  const answer = await fetch(url + path, {
    method,
    ...(body !== undefined && {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Undefined while there is none. */
export async function statusOf(
  url: string,
  connector: string,
): Promise<ConnectorStatus | undefined> {
  const { status, text } = await ask(url, 'GET', `/connectors/${connector}/status`)
  // The shape of Kafka Connect's answer.
  return status === 200 ? (JSON.parse(text) as ConnectorStatus) : undefined
}

/** The first status that is as wished, and after how long it came. @throws Error with the last one seen. */
export async function waitForStatus(
  url: string,
  connector: string,
  isWished: (status: ConnectorStatus) => boolean,
  limitMs: number,
): Promise<{ readonly status: ConnectorStatus; readonly ms: number }> {
  const since = performance.now()
  for (;;) {
    const status = await statusOf(url, connector)
    const ms = Math.round(performance.now() - since)
    if (status && isWished(status)) return { status, ms }
    if (ms > limitMs)
      throw new Error(`${connector} is not so after ${ms} ms: ${JSON.stringify(status)}`)
    await sleep(25)
  }
}

/** Of a connector with tasks: its own state and that of each task. */
export const allAre =
  (state: string) =>
  ({ connector, tasks }: ConnectorStatus): boolean =>
    connector.state === state && tasks.length > 0 && tasks.every((task) => task.state === state)
