import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  type LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import { ConflictError, ConnectError, NotFoundError, RetriableError } from '../errors.ts'
import type { Mapping, Mappings } from '../ports.ts'
import { already, calling } from './aws-errors.ts'
import { ensureAlias, removeAlias } from './lambda-aliases.ts'
import {
  aliasArn,
  deliveryChange,
  type MappingSettings,
  mappingRequest,
} from './mapping-request.ts'

export function lambdaMappings(client: LambdaClient, settings: MappingSettings): Mappings {
  const find = async (connector: string, topic: string) =>
    (await existing(client, settings, connector)).find(({ Topics }) => Topics?.[0] === topic)

  const alive = async (connector: string) =>
    (await existing(client, settings, connector)).filter(({ State }) => State !== 'Deleting')

  async function make(mapping: Mapping): Promise<void> {
    const command = new CreateEventSourceMappingCommand(mappingRequest(settings, mapping))
    try {
      await calling(`making ${named(mapping)}`, () => client.send(command))
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      const found = await find(mapping.connector, mapping.topic)
      if (found && found.State !== 'Deleting' && groupOf(found) === mapping.group) return
      const holder = found ?? (await holderOf(client, mapping.group))
      // Gone by now, or soon: its group is free then.
      if (found || !holder || holder.State === 'Deleting') throw stillRemoved(mapping, error)
      const taken = `Another event source mapping of this account and region has the consumer group ${mapping.group}: ${holder.UUID}, of ${holder.FunctionArn}`
      throw new ConnectError(taken, { cause: error })
    }
  }

  return {
    async ensure(mapping) {
      const { connector, topic, enabled } = mapping
      await ensureAlias(client, settings, connector)
      const found = await find(connector, topic)
      if (found?.State === 'Deleting') throw stillRemoved(mapping)
      if (found && groupOf(found) === mapping.group) {
        if (isEnabled(found) !== enabled) await switchTo(client, settings, mapping, found)
        return
      }
      // Its group is fixed for life, so another group needs another mapping.
      if (found) await remove(client, mapping, found)
      await make(mapping)
    },

    async remove(connector, topic) {
      for (const found of await alive(connector))
        if (found.Topics?.[0] === topic) await remove(client, { connector, topic }, found)
      // Listed anew: another coordinator may have made one meanwhile, which would be lost without its alias.
      if ((await alive(connector)).length === 0)
        await removeAlias(client, settings.sinkArn, connector)
    },

    async list(connector) {
      return (await alive(connector)).map((found) => mappingOf(connector, found))
    },

    clear: (connector) => removeAlias(client, settings.sinkArn, connector),
  }
}

const stillRemoved = (mapping: Mapping, cause?: unknown): RetriableError =>
  new RetriableError(`${named(mapping)}, or one before it of this group, is still being removed`, {
    cause,
  })

/** Of all mappings of the account and region: a group is one's alone, until it is gone. */
async function holderOf(
  client: LambdaClient,
  group: string,
): Promise<EventSourceMappingConfiguration | undefined> {
  return calling(`looking for the consumer group ${group}`, async () => {
    for await (const { EventSourceMappings } of paginateListEventSourceMappings({ client }, {})) {
      const holder = EventSourceMappings?.find((one) => groupOf(one) === group)
      if (holder) return holder
    }
    return undefined
  })
}

async function existing(
  client: LambdaClient,
  { sinkArn }: MappingSettings,
  connector: string,
): Promise<EventSourceMappingConfiguration[]> {
  const found: EventSourceMappingConfiguration[] = []
  // No alias, no mappings.
  await already(NotFoundError, `listing the event source mappings of ${connector}`, async () => {
    const request = { FunctionName: aliasArn(sinkArn, connector) }
    for await (const page of paginateListEventSourceMappings({ client }, request))
      found.push(...(page.EventSourceMappings ?? []))
  })
  return found
}

/** What a deployment has changed of how mappings deliver comes with it. */
async function switchTo(
  client: LambdaClient,
  settings: MappingSettings,
  mapping: Mapping,
  found: EventSourceMappingConfiguration,
): Promise<void> {
  const command = new UpdateEventSourceMappingCommand({
    UUID: found.UUID,
    Enabled: mapping.enabled,
    ...deliveryChange(settings, found),
  })
  await calling(`${mapping.enabled ? 'enabling' : 'disabling'} ${named(mapping)}`, () =>
    client.send(command),
  )
}

async function remove(
  client: LambdaClient,
  mapping: Pick<Mapping, 'connector' | 'topic'>,
  found: EventSourceMappingConfiguration,
): Promise<void> {
  const command = new DeleteEventSourceMappingCommand({ UUID: found.UUID })
  await already(NotFoundError, `removing ${named(mapping)}`, () => client.send(command))
}

export function mappingOf(
  connector: string,
  found: EventSourceMappingConfiguration,
): Mapping & { readonly waiting?: string } {
  const waiting = waitingFor(found)
  return {
    connector,
    topic: found.Topics?.[0] ?? '',
    group: groupOf(found),
    enabled: isEnabled(found),
    ...(waiting !== undefined && { waiting }),
  }
}

const groupOf = (found: EventSourceMappingConfiguration): string =>
  (found.SelfManagedKafkaEventSourceConfig ?? found.AmazonManagedKafkaEventSourceConfig)
    ?.ConsumerGroupId ?? ''

// One that is just being made or changed goes towards Enabled: only enabled ones are ever changed.
const isEnabled = ({ State }: EventSourceMappingConfiguration): boolean =>
  State !== 'Disabled' && State !== 'Disabling'

function waitingFor({
  State,
  StateTransitionReason,
  LastProcessingResult,
}: EventSourceMappingConfiguration) {
  const problem = [LastProcessingResult, StateTransitionReason].find((text) =>
    PROBLEM.test(text ?? ''),
  )
  if (State === 'Enabled' || State === 'Disabled') return problem
  return problem ? `${State}: ${problem}` : State
}

// "PROBLEM: …" and the causes ESM_CONFIG_NOT_VALID, EVENT_SOURCE_AUTHN_ERROR, FUNCTION_CONFIG_NOT_VALID …
const PROBLEM = /^PROBLEM|_NOT_VALID|_ERROR/

const named = ({ connector, topic }: Pick<Mapping, 'connector' | 'topic'>): string =>
  `the event source mapping of ${connector} for topic ${topic}`
