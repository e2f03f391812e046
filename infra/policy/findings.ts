import { spawnSync } from 'node:child_process'
import { pythonWith } from '../stack/python.ts'
import skipped from './skipped.json' with { type: 'json' }

const CFN_LINT = '1.58.0'
const CHECKOV = '3.3.30'

/** What cfn-lint says of a template, a line each: errors, warnings and informations. */
export async function cfnFindings(template: string): Promise<readonly string[]> {
  const python = await pythonWith(`cfn-lint-${CFN_LINT}`, [`cfn-lint==${CFN_LINT}`])
  const args = ['-c', 'from cfnlint.runner import main; main()', '--format', 'parseable', template]
  const { stdout, stderr, status } = spawnSync(python, args, { encoding: 'utf8' })
  const lines = stdout.split('\n').filter((line) => line !== '')
  // It ends with 0 when it has nothing to say, and with the sum of 2, 4 and 8 for errors, warnings and informations.
  if (status === null || (status !== 0 && lines.length === 0))
    throw new Error(`cfn-lint ended with ${status}: ${stderr}`)
  return lines
}

export type PolicyFindings = {
  /** check, resource and what is wrong, a line each */
  readonly unexplained: readonly string[]
  /** findings that skipped.json gives a reason for */
  readonly explained: number
  /** of skipped.json, checks that nothing failed */
  readonly needless: readonly string[]
  readonly passed: number
}

/** Of checkov's report, what is read here. */
type Report = {
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string
      readonly check_name: string
      readonly resource: string
    }[]
  }
  readonly summary: { readonly passed: number; readonly parsing_errors: number }
}

/** What checkov's policies say of a template, less what skipped.json gives a reason for. */
export async function policyFindings(template: string): Promise<PolicyFindings> {
  // It pins packages of its own, so it has an environment of its own.
  const python = await pythonWith(`checkov-${CHECKOV}`, [`checkov==${CHECKOV}`])
  const options = ['--framework', 'cloudformation', '--compact', '--quiet', '--skip-download']
  const { stdout, stderr } = spawnSync(
    python,
    ['-m', 'checkov.main', '-f', template, ...options, '--output', 'json'],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  const { results, summary } = reportIn(stdout, stderr)
  if (summary.parsing_errors > 0) throw new Error(`checkov could not read ${template}: ${stderr}`)
  const failed = results.failed_checks
  const unexplained = failed.filter(({ check_id: id }) => !Object.hasOwn(skipped, id))
  return {
    unexplained: unexplained.map((one) => `${one.check_id} ${one.resource}: ${one.check_name}`),
    explained: failed.length - unexplained.length,
    needless: Object.keys(skipped).filter((id) => !failed.some(({ check_id: it }) => it === id)),
    passed: summary.passed,
  }
}

function reportIn(stdout: string, stderr: string): Report {
  try {
    return JSON.parse(stdout)
  } catch (cause) {
    throw new Error(`checkov gave no report: ${stdout}${stderr}`, { cause })
  }
}
