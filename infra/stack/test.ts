import { parseArgs } from 'node:util'
import { serviceNames } from './addresses.ts'
import { atTheTop } from './at-the-top.ts'
import { needsServers, runTests, testFiles } from './tests.ts'
import { withStack } from './with-stack.ts'

// npm test [-- file|folder|glob … --test-name-pattern …]: the servers are started only when a file needs them.
atTheTop(async () => {
  const { values, positionals } = parseArgs({
    options: { 'test-name-pattern': { type: 'string' } },
    allowPositionals: true,
  })
  const namePattern = values['test-name-pattern']
  const files = testFiles(positionals)
  if (!files.some(needsServers)) return runTests(files, { namePattern })
  return withStack(serviceNames, (signal) => runTests(files, { namePattern, signal }))
})
