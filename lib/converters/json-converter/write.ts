import type { Schema } from '../../data/schema.ts'
import { sameSchema } from '../../data/schema-equality.ts'
import type { Value } from '../../data/value.ts'
import { type Encoder, type EncodeSettings, encoderOf, encodeWith } from './encode.ts'
import { schemaJson } from './schema-json.ts'

/** What stays the same for all values of one schema. */
type Prepared = {
  readonly schema: Schema | null
  readonly lead: Buffer
  readonly encoder: Encoder
}

/** How many equal schemas of other identity are looked through before one is prepared anew. */
const RECENT = 8

/** Gives the bytes of a value, with or without its envelope. */
export function jsonWriter(
  settings: EncodeSettings & { readonly hasEnvelope: boolean },
): (schema: Schema | null, value: Value) => Buffer | null {
  const { hasEnvelope } = settings
  const write = byteWriter()
  const preparedOf = remembered((schema): Prepared => {
    const lead = hasEnvelope ? `{"schema":${schemaJson(schema, settings, 1)},"payload":` : ''
    const encoder = encoderOf(schema ?? undefined, settings, hasEnvelope ? 1 : 0)
    return { schema, lead: Buffer.from(lead), encoder }
  })
  return (schema, value) => {
    if (schema === null && value === null) return null
    const { lead, encoder } = preparedOf(schema)
    const payload = encodeWith(encoder, value)
    return write(lead, hasEnvelope ? `${payload}}` : payload)
  }
}

/** By the schema's identity, then by its content. */
function remembered(prepare: (schema: Schema | null) => Prepared) {
  const byIdentity = new WeakMap<Schema, Prepared>()
  let recent: Prepared[] = []
  let last: Prepared | undefined
  let lastSchema: Schema | null | undefined
  const find = (schema: Schema | null): Prepared => {
    const found = recent.find((one) => isEqual(one.schema, schema)) ?? prepare(schema)
    recent = [found, ...recent.filter((one) => one !== found)].slice(0, RECENT)
    if (schema !== null) byIdentity.set(schema, found)
    return found
  }
  return (schema: Schema | null): Prepared => {
    if (last && lastSchema === schema) return last
    last = (schema === null ? undefined : byIdentity.get(schema)) ?? find(schema)
    lastSchema = schema
    return last
  }
}

const isEqual = (one: Schema | null, other: Schema | null): boolean =>
  one === null || other === null ? one === other : sameSchema(one, other)

const SLAB_BYTES = 65_536

/** Cuts small buffers from one large: allocating each by itself takes half of the time that encoding takes. */
function byteWriter(): (lead: Buffer, rest: string) => Buffer {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  let used = 0
  return (lead, rest) => {
    // A UTF-16 unit is three bytes of UTF-8 at most.
    const most = lead.length + rest.length * 3
    if (most > SLAB_BYTES / 4) return Buffer.concat([lead, Buffer.from(rest)])
    if (used + most > SLAB_BYTES) {
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
      used = 0
    }
    const from = used
    slab.set(lead, from)
    used += lead.length + slab.write(rest, from + lead.length)
    return slab.subarray(from, used)
  }
}
