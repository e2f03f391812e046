import { parseConfig } from '../config/config-def.ts'
import type { Answerer } from './answer.ts'
import { previewSheet } from './preview-sheet.ts'
import { previewSink } from './preview-sink.ts'
import { previewSource } from './preview-source.ts'
import { probe } from './probe.ts'
import { runningConfig } from './resolve-config.ts'

/** A dry run: no topic is made, no offset, status or dead letter written, no group joined. A source's servers are probed first, so that a fault is said at its key. */
export const preview: Answerer<'preview'> = async ({ config, limit, from }, desk) => {
  const { ports, plugins } = desk
  const connector = plugins.connector(config['connector.class'] ?? '')
  const sheet = previewSheet(limit, ports.conceal)
  if (connector.kind === 'sink') {
    await previewSink({ config: await runningConfig(config, ports), from, sheet, desk })
    return { json: sheet.text() }
  }
  const { messages } = await probe({ config }, desk)
  if (Object.keys(messages).length > 0) return { messages }
  const running = await runningConfig(config, ports)
  const refusal = connector.previewRefusal?.(parseConfig(connector.config, running)) ?? {}
  if (Object.keys(refusal).length > 0) return { messages: refusal }
  await previewSource({ connector, config: running, from, sheet, desk })
  return { json: sheet.text() }
}
