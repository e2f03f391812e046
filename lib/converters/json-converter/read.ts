import type { Schema, SchemaAndValue } from '../../data/schema.ts'
import { convert, type DecodeSettings, EXACT, type Node, PLAIN } from './convert.ts'
import { asUtf8 } from './encoding.ts'
import { fastReader, IRREGULAR } from './fast-read.ts'
import {
  type Cursor,
  checkRootEnd,
  cursorAt,
  isAtEnd,
  malformed,
  readValue,
  skipBlanks,
} from './parse.ts'

/** @throws DataError and nothing else. */
export type Read = (bytes: Buffer) => SchemaAndValue

/** Messages without envelope: the JSON tells the types by itself. */
export const readBare: Read = (bytes) => {
  const cursor = openDocument(bytes)
  if (isBlank(cursor)) return { schema: null, value: null }
  const value = readValue(cursor, PLAIN)
  checkRootEnd(cursor)
  return { schema: null, value }
}

/** Messages that are payload alone, of a schema that the configuration gives. */
export function payloadReader(schema: Schema, settings: DecodeSettings): Read {
  const read = fastReader(schema, settings)
  return (bytes) => {
    const cursor = openDocument(bytes)
    const value = read(cursor)
    if (value !== IRREGULAR && isAtEnd(cursor)) return { schema, value }
    const node = readDocument({ ...cursor, at: 0, depth: 0 })
    return { schema, value: convert(schema, node, settings) }
  }
}

/** The first JSON value there is; undefined when there is none. What comes after it is ignored. */
export function readDocument(cursor: Cursor): Node {
  if (isBlank(cursor)) return undefined
  const node = readValue(cursor, EXACT)
  checkRootEnd(cursor)
  return node
}

/** @throws DataError for an encoding that JSON is not written in. */
export function openDocument(bytes: Buffer): Cursor {
  const found = asUtf8(bytes)
  if (found === undefined) throw malformed(cursorAt(bytes, 0, 0), 0, 'unknown encoding')
  return cursorAt(found.bytes, found.from, 0)
}

function isBlank(cursor: Cursor): boolean {
  skipBlanks(cursor)
  return isAtEnd(cursor)
}
