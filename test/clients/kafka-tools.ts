/** By topic: its first partition's CURRENT-OFFSET and LAG. */
export function lagsIn(described: string): Record<string, string> {
  const lines = described.split('\n').map((line) => line.trim().split(/\s+/))
  const names = lines.find((line) => line.includes('CURRENT-OFFSET')) ?? []
  const at = (line: readonly string[], name: string) => line[names.indexOf(name)] ?? ''
  return Object.fromEntries(
    lines
      .filter((line) => line.length === names.length && at(line, 'PARTITION') === '0')
      .map((line) => [at(line, 'TOPIC'), `${at(line, 'CURRENT-OFFSET')} ${at(line, 'LAG')}`]),
  )
}
