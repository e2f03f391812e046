import type { ConfigDef } from '../config/config-def.ts'

/** The key of every transform that copies fields of a struct. */
export const REPLACE_NULL_WITH_DEFAULT = {
  'replace.null.with.default': {
    type: 'boolean',
    importance: 'medium',
    default: true,
    doc: 'Whether to replace fields that have a default value and that are null to the default value. When set to true, the default value is used, otherwise null is used.',
  },
} as const satisfies ConfigDef
