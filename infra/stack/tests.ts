import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type EventData, run } from 'node:test'
import { spec } from 'node:test/reporters'
import { projectDir } from './records.ts'
import { StackError } from './stack-error.ts'

type TestSummary = EventData.TestSummary

const fileTimeoutMs = 5 * 60_000

/** Whether a test file talks to the servers of the stack. All others run without any. */
export const needsServers = (file: string): boolean => file.endsWith('.server.test.ts')

/** The test files that files, folders and globs name; all without any. @throws StackError when one names none. */
export const testFiles = (asked: readonly string[]): string[] => {
  const files = asked.length === 0 ? filesOf('test') : asked.flatMap(filesOf)
  return [...new Set(files)].sort()
}

/** Runs test files, prints a report that ends with one line of counts, and resolves to the exit code. */
export const runTests = async (
  files: readonly string[],
  options: { readonly namePattern?: string | undefined; readonly signal?: AbortSignal } = {},
): Promise<number> => {
  const tests = run({
    cwd: projectDir,
    files: files.map((file) => join(projectDir, file)),
    concurrency: 2,
    timeout: fileTimeoutMs,
    execArgv: ['--import', new URL('end-of-tests.ts', import.meta.url).href],
    ...(options.namePattern !== undefined && { testNamePatterns: [options.namePattern] }),
    ...(options.signal && { signal: options.signal }),
  })
  let total: TestSummary | undefined
  tests.on('test:summary', (summary) => {
    if (summary.file === undefined) total = summary // Others are of one file.
  })
  for await (const text of tests.compose(new spec())) process.stdout.write(text)
  process.stdout.write(`\n${closingLine(files.length, total)}\n`)
  return total?.success ? 0 : 1
}

const closingLine = (files: number, total: TestSummary | undefined): string => {
  if (total === undefined) return 'the tests did not run to their end'
  const { tests, passed, skipped, todo } = total.counts
  const failed = tests - passed - skipped - todo
  return `${tests} tests in ${files} files: ${passed} passed, ${failed} failed, ${skipped + todo} skipped; ${(total.duration_ms / 1000).toFixed(1)} s`
}

const filesOf = (asked: string): string[] => {
  const path = join(projectDir, asked)
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory()
  const found = globSync(isFolder ? `${asked}/**/*.test.ts` : asked, { cwd: projectDir })
  if (found.length === 0) throw new StackError(`no test file at ${asked}`)
  return found
}
