import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { atTheTop } from '../stack/at-the-top.ts'
import { projectDir } from '../stack/records.ts'
import { StackError } from '../stack/stack-error.ts'
import { cfnFindings, policyFindings } from './findings.ts'

// npm run lint:cfn, npm run lint:policy [-- --stage prod --param name=value]: packages, then looks at the template that came of it.
const lint = async (): Promise<number> => {
  const [what, ...options] = process.argv.slice(2)
  const serverless = join(projectDir, 'node_modules', 'serverless', 'bin', 'serverless.js')
  const { status } = spawnSync(process.execPath, [serverless, 'package', ...options], {
    cwd: projectDir,
    stdio: 'inherit',
  })
  if (status !== 0) throw new StackError(`serverless package ended with ${status}`)
  const template = join(projectDir, '.serverless', 'cloudformation-template-update-stack.json')
  return what === 'cfn' ? say(await cfnFindings(template), '') : policy(template)
}

async function policy(template: string): Promise<number> {
  const { unexplained, explained, passed } = await policyFindings(template)
  return say(unexplained, `; ${passed} checks passed, ${explained} skipped with a reason`)
}

function say(findings: readonly string[], more: string): number {
  for (const line of findings) process.stdout.write(`${line}\n`)
  process.stdout.write(`${findings.length} findings${more}\n`)
  return findings.length === 0 ? 0 : 1
}

atTheTop(lint)
