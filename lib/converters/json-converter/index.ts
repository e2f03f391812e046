import { KAFKA_VERSION } from '../../config/kafka-version.ts'
import type { Schema } from '../../data/schema.ts'
import { DataError } from '../../errors.ts'
import { type ConfiguredConverter, converter } from '../../plugin.ts'
import { CONVERTER_TYPE } from '../converter-type.ts'
import type { DecodeSettings } from './convert.ts'
import { envelopeReader } from './envelope.ts'
import { openDocument, payloadReader, type Read, readBare, readDocument } from './read.ts'
import { readSchema } from './schema-read.ts'
import { jsonWriter } from './write.ts'

export const jsonConverter = converter({
  name: 'org.apache.kafka.connect.json.JsonConverter',
  version: KAFKA_VERSION,
  doc: 'JSON, with or without the schema in each message.',
  config: {
    ...CONVERTER_TYPE,
    'schemas.enable': {
      type: 'boolean',
      importance: 'high',
      default: true,
      doc: 'Include schemas within each of the serialized values and keys.',
      group: 'Schemas',
      orderInGroup: 0,
      width: 'medium',
      displayName: 'Enable Schemas',
    },
    'schemas.cache.size': {
      type: 'int',
      importance: 'high',
      default: 1000,
      doc: 'The maximum number of schemas that can be cached in this converter instance.',
      group: 'Schemas',
      orderInGroup: 1,
      width: 'medium',
      displayName: 'Schema Cache Size',
    },
    'schema.content': {
      type: 'string',
      importance: 'high',
      default: null,
      doc: "When set, this is used as the schema for all messages, and the schemas within each of the message will be ignored.Otherwise, the schema will be included in the content of each message. This configuration applies only 'schemas.enable' is true, and it exclusively affects the sink connector.",
      group: 'Schemas',
      orderInGroup: 2,
      width: 'medium',
      displayName: 'Schema Content',
    },
    'decimal.format': {
      type: 'string',
      importance: 'low',
      default: 'BASE64',
      oneOfIgnoringCase: ['NUMERIC', 'BASE64'],
      doc: "Controls which format this converter will serialize decimals in. This value is case insensitive and can be either 'BASE64' (default) or 'NUMERIC'",
      group: 'Serialization',
      orderInGroup: 0,
      width: 'medium',
      displayName: 'Decimal Format',
    },
    'replace.null.with.default': {
      type: 'boolean',
      importance: 'low',
      default: true,
      doc: 'Whether to replace fields that have a default value and that are null to the default value. When set to true, the default value is used, otherwise null is used.',
      group: 'Serialization',
      orderInGroup: 1,
      width: 'medium',
      displayName: 'Replace null with default',
    },
  },
  configure(config) {
    const replaceNullWithDefault = config['replace.null.with.default']
    const write = jsonWriter({
      hasEnvelope: config['schemas.enable'],
      decimalFormat: config['decimal.format'].toUpperCase() === 'NUMERIC' ? 'NUMERIC' : 'BASE64',
      replaceNullWithDefault,
    })
    const fixed = fixedSchema(config['schema.content'], { replaceNullWithDefault })
    const read = readerFor({
      hasEnvelope: config['schemas.enable'],
      fixed,
      schemasCacheSize: config['schemas.cache.size'],
      replaceNullWithDefault,
    })
    const configured: ConfiguredConverter = {
      fromConnect: (_topic, schema, value) => write(schema, value),
      toConnect: (_topic, bytes) => (bytes === null ? { schema: null, value: null } : read(bytes)),
    }
    return configured
  },
})

type ReadSettings = DecodeSettings & {
  readonly hasEnvelope: boolean
  readonly fixed: Schema | null
  readonly schemasCacheSize: number
}

function readerFor({ hasEnvelope, fixed, ...settings }: ReadSettings): Read {
  if (!hasEnvelope) return readBare
  return fixed === null ? envelopeReader(settings) : payloadReader(fixed, settings)
}

/** @throws DataError when `schema.content` is no schema. */
function fixedSchema(content: string | null, settings: DecodeSettings): Schema | null {
  if (content === null || content === '') return null
  return readSchema(contentNode(content), settings)
}

function contentNode(content: string) {
  try {
    return readDocument(openDocument(Buffer.from(content)))
  } catch (cause) {
    throw new DataError('Failed to parse schema in converter config due to serialization error: ', {
      cause,
    })
  }
}
