/** What a connector overrides of Kafka's clients: whether it is of the client's type, and whether the worker lets it. */
import { clientsOf, overrideRefusal, overridesOf } from '../config/client-config.ts'
import type { RawConfig } from '../config/config-def.ts'
import { ConfigError, ConnectError } from '../errors.ts'
import type { Connector, Setting } from './framework-config.ts'
import type { Entry } from './validation.ts'

/** A client's own complaint, which Kafka Connect takes for an error of its own: 500. */
export class OverrideError extends ConnectError {
  override name = 'ConfigException'
}

/** @throws OverrideError when a text is none of its property's type. */
export function validateOverrides(
  config: RawConfig,
  { kind }: Pick<Connector, 'kind'>,
  { plugins, worker, isOpen = () => false }: Setting,
): Entry[] {
  try {
    return clientsOf(kind, config)
      .flatMap((client) => overridesOf(client, config, { classes: plugins.classNamed, isOpen }))
      .map(({ name, property, key, value }) => {
        const refused = overrideRefusal(property, worker.overrides ?? {})
        return {
          key: key && { displayName: property, ...key },
          value: {
            ...value,
            name,
            errors: refused === undefined ? [] : [refused],
            recommended: [],
            visible: true,
          },
        }
      })
  } catch (cause) {
    if (cause instanceof ConfigError) throw new OverrideError(cause.message, { cause })
    throw cause
  }
}
