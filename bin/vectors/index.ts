/** The command `vectors <kind>`: cases from standard input, one JSON object a line; an answer to each, in the same order, to standard output. */
import { once } from 'node:events'
import { DataError } from '../../lib/errors.ts'
import { plugins } from '../../lib/registry.ts'
import { ANSWERS, type Answer, errorAnswer } from './answers.ts'
import type { Kind } from './kinds.ts'

/** Read and answered piece by piece: the input may be larger than the memory. */
export async function answerVectors(
  kind: Kind,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<void> {
  input.setEncoding('utf8')
  for await (const lines of wholeLines(input as AsyncIterable<string>)) {
    const answers = lines.map((line) => answerLine(kind, line)).join('')
    if (!output.write(answers)) await once(output, 'drain')
  }
}

async function* wholeLines(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = ''
  for await (const chunk of chunks) {
    rest += chunk
    if (!chunk.includes('\n')) continue
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
  yield [rest]
}

/** Nothing for a blank line, for any other one line. */
export function answerLine(kind: Kind, line: string): string {
  if (line.trim() === '') return ''
  let id: unknown = null
  try {
    const one = caseOf(line)
    id = one.id ?? null
    // What the members are is found out while the case is answered.
    return answerText(id, ANSWERS[kind](one as never, plugins))
  } catch (error) {
    return answerText(id, errorAnswer(error))
  }
}

function caseOf(line: string): { readonly id?: unknown } {
  const one: unknown = JSON.parse(line)
  if (typeof one === 'object' && one !== null) return one
  throw new DataError('A case is a JSON object')
}

const answerText = (id: unknown, answer: Answer): string =>
  `${JSON.stringify({ id, ...answer }).replace(NOT_ASCII, escaped)}\n`

const NOT_ASCII = /[\x7f-\uffff]/g

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
