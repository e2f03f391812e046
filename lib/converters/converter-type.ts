import type { ConfigDef } from '../config/config-def.ts'

/** The key that the worker itself sets of every converter. */
export const CONVERTER_TYPE = {
  'converter.type': {
    type: 'string',
    importance: 'low',
    doc: 'How this converter will be used.',
    oneOf: ['key', 'value', 'header'],
  },
} as const satisfies ConfigDef
