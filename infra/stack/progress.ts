/** What the person at the keyboard sees: a line for each step that takes a while. */
export type Progress = {
  say(subject: string, line: string): void
  step<Result>(subject: string, doing: string, work: () => Promise<Result>): Promise<Result>
}

export const seconds = (sinceMs: number): string =>
  `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`

export const progressTo = (out: { write(line: string): unknown }): Progress => {
  const say = (subject: string, line: string): void => {
    out.write(`${subject.padEnd(5)}  ${line}\n`)
  }
  return {
    say,
    async step(subject, doing, work) {
      const startedMs = performance.now()
      say(subject, `${doing} …`)
      const result = await work()
      say(subject, `${doing}: done in ${seconds(startedMs)}`)
      return result
    },
  }
}
