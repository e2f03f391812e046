import type { Schema, SchemaAndValue } from '../../data/schema.ts'
import type { Value } from '../../data/value.ts'
import { DataError } from '../../errors.ts'
import { convert, type DecodeSettings, EXACT, type Node, PLAIN, plainOf } from './convert.ts'
import { type FastRead, fastReader, IRREGULAR } from './fast-read.ts'
import { lru } from './lru.ts'
import { type Cursor, cursorAt, firstKey, nextKey, readValue, skipBlanks } from './parse.ts'
import { openDocument, type Read, readDocument } from './read.ts'
import { canonicalText, readSchema } from './schema-read.ts'

type EnvelopeSettings = DecodeSettings & { readonly schemasCacheSize: number }

/** Everything in front of the payload as it was seen before, to the byte, and what it means. */
type Lead = {
  readonly bytes: Buffer
  readonly schema: Schema | null
  readonly read: FastRead
}

/** How many leads are looked through; a message of another is read as a whole. */
const RECENT_LEADS = 64

/** Messages with schema and payload. Of one that begins like one before, only the payload is read. */
export function envelopeReader(settings: EnvelopeSettings): Read {
  const schemas = lru<string, Schema>(settings.schemasCacheSize)
  const leads = recentLeads(Math.min(settings.schemasCacheSize, RECENT_LEADS))
  return (bytes) => {
    const lead = leads.find(bytes)
    const known = lead && readPayload(bytes, lead, settings)
    if (known) return known
    const { schemaNode, payload, leadEnd } = readEnvelope(openDocument(bytes), bytes)
    const schema = schemaOf(schemaNode, schemas, settings)
    if (!lead && leadEnd !== undefined)
      leads.add(leadOf(bytes.subarray(0, leadEnd), schema, settings))
    return { schema, value: payloadValue(schema, payload, settings) }
  }
}

function recentLeads(size: number) {
  let leads: readonly Lead[] = []
  const isLeadOf = (bytes: Buffer) => (lead: Lead) => beginsWith(bytes, lead.bytes)
  const add = (lead: Lead): void => {
    leads = [lead, ...leads.filter((one) => one !== lead)].slice(0, size)
  }
  const find = (bytes: Buffer): Lead | undefined => {
    const [latest] = leads
    if (latest === undefined || beginsWith(bytes, latest.bytes)) return latest
    const found = leads.find(isLeadOf(bytes))
    if (found) add(found)
    return found
  }
  return { add, find }
}

const beginsWith = (bytes: Buffer, lead: Buffer): boolean =>
  bytes.length > lead.length && bytes.compare(lead, 0, lead.length, 0, lead.length) === 0

const leadOf = (bytes: Buffer, schema: Schema | null, settings: EnvelopeSettings): Lead => ({
  bytes: Buffer.from(bytes),
  schema,
  read: schema === null ? readPlain : fastReader(schema, settings),
})

const readPlain: FastRead = (cursor) => {
  const value = readValue(cursor, PLAIN)
  skipBlanks(cursor)
  return value
}

/** undefined when the envelope does not end behind the payload: then it has to be read as a whole. */
function readPayload(
  bytes: Buffer,
  { bytes: lead, schema, read }: Lead,
  settings: EnvelopeSettings,
): SchemaAndValue | undefined {
  const cursor = cursorAt(bytes, lead.length, 1)
  const value = read(cursor)
  if (value !== IRREGULAR && closes(cursor)) return { schema, value }
  if (schema === null) return undefined
  const again = { ...cursor, at: 0, depth: 1 }
  const node = readValue(again, EXACT)
  skipBlanks(again)
  return closes(again) ? { schema, value: convert(schema, node, settings) } : undefined
}

const OPEN = 123
const CLOSE = 125

const closes = ({ text, at }: Cursor): boolean => text.charCodeAt(at) === CLOSE

type Envelope = {
  readonly schemaNode: Node
  readonly payload: Node
  /** Where the payload begins, when the schema and nothing else stands in front of it. */
  readonly leadEnd: number | undefined
}

/** @throws DataError for what is no envelope, or no JSON. */
function readEnvelope(cursor: Cursor, bytes: Buffer): Envelope {
  skipBlanks(cursor)
  if (cursor.text.charCodeAt(cursor.at) !== OPEN) {
    readDocument(cursor)
    throw noEnvelope()
  }
  const members = new Map<string, Node>()
  const starts: number[] = []
  for (let key = firstKey(cursor); key !== undefined; key = nextKey(cursor)) {
    skipBlanks(cursor)
    starts.push(cursor.base + cursor.at)
    members.set(key, readValue(cursor, EXACT))
  }
  const [schemaNode, payload] = [members.get('schema'), members.get('payload')]
  if (members.size !== 2 || schemaNode === undefined || payload === undefined) throw noEnvelope()
  const isPlain = starts.length === 2 && members.keys().next().value === 'schema'
  return { schemaNode, payload, leadEnd: isPlain && cursor.bytes === bytes ? starts[1] : undefined }
}

const noEnvelope = (): DataError =>
  new DataError(
    'JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.',
  )

/** The same JSON gives the identical schema, while it is remembered. */
function schemaOf(
  node: Node,
  schemas: ReturnType<typeof lru<string, Schema>>,
  settings: EnvelopeSettings,
): Schema | null {
  const text = canonicalText(node)
  const known = schemas.get(text)
  if (known) return known
  const schema = readSchema(node, settings)
  if (schema !== null) schemas.set(text, schema)
  return schema
}

const payloadValue = (schema: Schema | null, payload: Node, settings: EnvelopeSettings): Value =>
  schema === null ? plainOf(payload) : convert(schema, payload, settings)
