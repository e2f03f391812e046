// It is a sort key of the list, which holds 1,024 bytes of UTF-8.
export const MAX_NAME_BYTES = 1_024

/** Whether there can be a connector of this name. */
export const isName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && Buffer.byteLength(name) <= MAX_NAME_BYTES
