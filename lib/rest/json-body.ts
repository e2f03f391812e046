/** Request bodies, read as Kafka Connect's Jackson reads them; what it refuses is a 500 with its text. */
import type { RawConfig } from '../config/config-def.ts'
import { DataError } from '../errors.ts'
import type { TargetState } from '../ports.ts'
import {
  anything,
  listOf,
  mapOf,
  mismatch,
  notFrom,
  objectOf,
  readBody,
  type Shape,
  text,
} from './json-shapes.ts'

const ENTITIES = 'org.apache.kafka.connect.runtime.rest.entities'
const CREATE = `${ENTITIES}.CreateConnectorRequest`

const config: Shape<RawConfig> = mapOf(text, 'java.lang.String')

/** A map of texts: numbers and booleans become text, null stays; null for an empty body. @throws DataError */
export const readMap = (body: string | undefined): RawConfig | null =>
  readBody(body, config, 'java.util.Map')

/** @throws DataError, also for an empty body */
export const readConfig = (body: string | undefined): RawConfig => required(readMap(body))

// What Kafka Connect does next fails so.
function required(sent: RawConfig | null | undefined): RawConfig {
  if (sent) return sent
  throw new DataError('Cannot invoke "java.util.Map.get(Object)" because "connectorConfig" is null')
}

export type CreateRequest = {
  readonly name: string
  readonly config: RawConfig
  readonly initialState: TargetState
}

/** The body of POST /connectors. @throws DataError */
export function readCreateRequest(
  body: string | undefined,
  others: 'refused' | 'ignored' = 'refused',
): CreateRequest {
  const sent = readBody(body, objectOf(CREATE, FIELDS, others), CREATE)
  if (sent === null)
    throw new DataError(`Cannot invoke "${CREATE}.name()" because "createRequest" is null`)
  return {
    name: sent.name ?? '',
    initialState: sent.initial_state ?? 'RUNNING',
    config: required(sent.config),
  }
}

const TARGET_STATES: readonly TargetState[] = ['RUNNING', 'PAUSED', 'STOPPED']

const initialState: Shape<TargetState> = (token) => {
  const type = `${CREATE}$InitialState`
  if (token.kind === '{') throw notFrom(type, token)
  if (token.kind === '[')
    throw mismatch(
      `Input mismatch reading Enum \`${type}\`: properties-based \`@JsonCreator\` ([method ${type}#forValue(java.lang.String)]) expects String Value, got Array value (\`JsonToken.START_ARRAY\`)`,
      token.at,
    )
  const name = token.text.toUpperCase()
  const state = TARGET_STATES.find((one) => one === name)
  if (state) return state
  throw mismatch(
    `Cannot construct instance of \`${type}\`, problem: No enum constant ${CREATE}.InitialState.${name}`,
    token.at,
  )
}

// In the order in which Kafka Connect lists them.
const FIELDS = { config, name: text, initial_state: initialState }

const OFFSET = `${ENTITIES}.ConnectorOffset`
const fields = mapOf(anything, 'java.lang.Object')

const connectorOffsets = objectOf(`${OFFSET}s`, {
  offsets: listOf(objectOf(OFFSET, { partition: fields, offset: fields }), OFFSET),
})

/** The body of PATCH /connectors/{connector}/offsets; null for an empty one. @throws DataError */
export const readOffsets = (body: string | undefined) =>
  readBody(body, connectorOffsets, `${OFFSET}s`)

/** What a worker sends to the leader: the configs of a connector's tasks. @throws DataError */
export const readTaskConfigs = (body: string | undefined) =>
  readBody(body, listOf(config, 'java.util.Map<java.lang.String,java.lang.String>'))
