import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { atTheTop } from './at-the-top.ts'
import { seconds } from './progress.ts'
import { projectDir } from './records.ts'
import { needsServers, runTests, testFiles } from './tests.ts'

// npm run check: what needs no server. Each runs, whatever another one found.
const check = async (): Promise<number> => {
  const passed = [passes('biome', 'check', '.'), passes('tsc', '--noEmit')]
  const testsCode = await runTests(testFiles([]).filter((file) => !needsServers(file)))
  const failed = ['biome', 'tsc'].filter((_, at) => !passed[at])
  if (failed.length > 0) process.stdout.write(`failed before the tests: ${failed.join(', ')}\n`)
  return failed.length === 0 ? testsCode : 1
}

const passes = (tool: string, ...args: string[]): boolean => {
  const startedMs = performance.now()
  const path = join(projectDir, 'node_modules', '.bin', tool)
  const { status } = spawnSync(path, args, { cwd: projectDir, stdio: 'inherit' })
  process.stdout.write(`${tool}: ${status === 0 ? 'passed' : 'failed'} in ${seconds(startedMs)}\n`)
  return status === 0
}

atTheTop(check)
