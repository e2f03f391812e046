import { mock } from 'node:test'

/** The lines of JSON that are written to stdout and stderr meanwhile, parsed. */
export function writtenLines(act: () => void): Record<string, unknown>[] {
  const text: string[] = []
  const catching = [process.stdout, process.stderr].map((stream) =>
    mock.method(stream, 'write', (chunk: string) => {
      text.push(chunk)
      return true
    }),
  )
  try {
    act()
  } finally {
    for (const { mock } of catching) mock.restore()
  }
  return text
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
