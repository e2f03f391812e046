import {
  type ConfigDef,
  parseConfig,
  type RawConfig,
  validateConfig,
} from '../config/config-def.ts'
import { messageOf } from '../errors.ts'
import type { Ports } from '../ports.ts'
import type { Answerer } from './answer.ts'
import { runningConfig } from './resolve-config.ts'

type Messages = Readonly<Record<string, readonly string[]>>

/** Asks the connector's servers about its configuration. What references name is known here, and nowhere before. */
export const probe: Answerer<'probe'> = async ({ config }, { ports, plugins, signal }) => {
  const connector = plugins.connector(config['connector.class'] ?? '')
  if (!connector.probe) return { messages: {} }
  const { running, messages } = await resolved(config, connector.config, ports)
  if (messages) return { messages: concealed(messages, ports) }
  const found = await connector.probe(parseConfig(connector.config, running), signal)
  return { messages: concealed(found, ports) }
}

type Resolved = { readonly running: RawConfig; readonly messages?: Messages }

/** The connector's own keys as a task would have them, or what is wrong with them. */
async function resolved(config: RawConfig, def: ConfigDef, ports: Ports): Promise<Resolved> {
  const running: Record<string, string | null> = {}
  const messages: Record<string, readonly string[]> = {}
  for (const key of Object.keys(def).filter((one) => Object.hasOwn(config, one)))
    try {
      Object.assign(running, await runningConfig({ [key]: config[key] ?? null }, ports))
    } catch (error) {
      messages[key] = [messageOf(error)]
    }
  // A key whose place could not be read is not a missing one.
  for (const { name, errors } of validateConfig(def, running))
    if (errors.length > 0 && !Object.hasOwn(messages, name)) messages[name] = errors
  return Object.keys(messages).length > 0 ? { running, messages } : { running }
}

const concealed = (messages: Messages, { conceal }: Ports): Messages =>
  Object.fromEntries(Object.entries(messages).map(([key, texts]) => [key, texts.map(conceal)]))
