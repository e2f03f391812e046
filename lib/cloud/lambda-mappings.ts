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
import { aliasArn, type MappingSettings, mappingRequest } from './mapping-request.ts'

export function lambdaMappings(client: LambdaClient, settings: MappingSettings): Mappings {
  const find = async (connector: string, topic: string) =>
    (await existing(client, settings, connector)).find(({ Topics }) => Topics?.[0] === topic)

  async function make(mapping: Mapping): Promise<void> {
    const command = new CreateEventSourceMappingCommand(mappingRequest(settings, mapping))
    try {
      await calling(`making ${named(mapping)}`, () => client.send(command))
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      const found = await find(mapping.connector, mapping.topic)
      if (found && groupOf(found) === mapping.group) return
      const taken = `Another event source mapping of this account and region has the consumer group ${mapping.group}`
      throw new ConnectError(taken, { cause: error })
    }
  }

  return {
    async ensure(mapping) {
      const { connector, topic, enabled } = mapping
      await ensureAlias(client, settings, connector)
      const found = await find(connector, topic)
      if (found?.State === 'Deleting')
        throw new RetriableError(`${named(mapping)} is still being removed`)
      if (found && groupOf(found) === mapping.group) {
        if (isEnabled(found) !== enabled) await switchTo(client, mapping, found)
        return
      }
      // Its group is fixed for life, so another group needs another mapping.
      if (found) await remove(client, mapping, found)
      await make(mapping)
    },

    async remove(connector, topic) {
      const all = await existing(client, settings, connector)
      const alive = all.filter(({ State }) => State !== 'Deleting')
      const others = alive.filter(({ Topics }) => Topics?.[0] !== topic)
      for (const found of alive.filter((one) => !others.includes(one)))
        await remove(client, { connector, topic }, found)
      if (others.length === 0) await removeAlias(client, settings.sinkArn, connector)
    },

    async list(connector) {
      const all = await existing(client, settings, connector)
      return all
        .filter(({ State }) => State !== 'Deleting')
        .map((found) => mappingOf(connector, found))
    },

    clear: (connector) => removeAlias(client, settings.sinkArn, connector),
  }
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

async function switchTo(
  client: LambdaClient,
  mapping: Mapping,
  found: EventSourceMappingConfiguration,
): Promise<void> {
  const command = new UpdateEventSourceMappingCommand({
    UUID: found.UUID,
    Enabled: mapping.enabled,
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
