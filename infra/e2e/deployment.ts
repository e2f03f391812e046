import { execFile } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectDir, stackDir } from '../stack/records.ts'
import { REGION, ROOT } from './signed-request.ts'

export const STAGE = 'e2e'
export const STACK = `connectless-${STAGE}`

export const roleOf = (functionName: string): string => `${STACK}-${REGION}-${functionName}`

/** The Serverless Framework in a copy of this checkout, which may be changed. */
export type Deployment = {
  deploy(params: Readonly<Record<string, string>>): Promise<'deployed' | 'skipped'>
  remove(params: Readonly<Record<string, string>>): Promise<void>
  /** Changes what a function's bundle holds: a line after the end of its source. */
  change(functionName: string): void
}

const LIMIT_MS = 300_000

export function deploymentAt(endpoint: string): Deployment {
  const dir = join(stackDir, 'e2e', 'checkout')
  copyCheckout(dir)
  const run = (command: string, params: Readonly<Record<string, string>>) =>
    serverless(dir, endpoint, [command, ...asOptions(params)])
  return {
    async deploy(params) {
      const said = await run('deploy', params)
      return /No changes to deploy/.test(said) ? 'skipped' : 'deployed'
    },
    async remove(params) {
      await run('remove', params)
    },
    change: (functionName) =>
      appendFileSync(
        join(dir, 'functions', `${functionName}.ts`),
        `\nexport const changed = ${JSON.stringify(functionName)}\n`,
      ),
  }
}

/** What is changed is copied; the rest is linked. */
function copyCheckout(dir: string): void {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  for (const name of ['serverless.yml', 'package.json', 'functions'])
    cpSync(join(projectDir, name), join(dir, name), { recursive: true })
  for (const name of ['node_modules', 'lib', 'infra'])
    symlinkSync(join(projectDir, name), join(dir, name))
}

const asOptions = (params: Readonly<Record<string, string>>): string[] =>
  Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`])

/** What it said. @throws Error with it when it failed. */
async function serverless(dir: string, endpoint: string, args: readonly string[]) {
  const script = join(dir, 'node_modules', 'serverless', 'bin', 'serverless.js')
  const env = {
    PATH: process.env['PATH'],
    HOME: dir,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
    // ms between two looks at the stack
    SLS_AWS_MONITORING_FREQUENCY: '200',
  }
  const options = { cwd: dir, env, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 }
  const command = [script, ...args, '--stage', STAGE]
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, options)
    return stdout + stderr
  } catch (cause) {
    const { stdout, stderr } = cause as { readonly stdout: string; readonly stderr: string } // what execFile rejects with
    throw new Error(`serverless ${args[0]} failed: ${stdout}${stderr}`, { cause })
  }
}
