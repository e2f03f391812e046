import { parseConfig } from '../config/config-def.ts'
import type { Answerer } from './answer.ts'
import { runningConfig } from './resolve-config.ts'

/** Asks the connector's servers about its configuration. References are looked up here, and nowhere before. */
export const probe: Answerer<'probe'> = async ({ config }, { ports, plugins, signal }) => {
  const connector = plugins.connector(config['connector.class'] ?? '')
  if (!connector.probe) return { messages: {} }
  const running = await runningConfig(config, ports)
  return { messages: await connector.probe(parseConfig(connector.config, running), signal) }
}
