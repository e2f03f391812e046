import { execFile } from 'node:child_process'
import {
  copyFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { unzipped } from './unzipped.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const serverless = path.join(root, 'node_modules', 'serverless', 'bin', 'serverless.js')

const TEMPLATE = '.serverless/cloudformation-template-update-stack.json'

export const FUNCTIONS = ['api', 'coordinator', 'source', 'sink'] as const

/** What esbuild took into the files of one function. */
export type Metafile = {
  readonly inputs: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, unknown>>
        readonly imports: readonly { readonly path: string; readonly kind: string }[]
      }
    >
  >
}

/** CloudFormation's own shapes, as far as tests look into them. */
export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Parameters: Readonly<Record<string, { readonly Default: string }>>
  readonly Conditions: Readonly<Record<string, unknown>>
}

export type Resource = {
  readonly Type: string
  readonly DeletionPolicy?: string
  readonly DependsOn?: string | readonly string[]
  readonly Properties: Partial<{
    /** of a function its name, else whose it is */
    readonly FunctionName: string | object
    readonly Runtime: string
    readonly Architectures: readonly string[]
    readonly Handler: string
    readonly Timeout: number
    readonly MemorySize: number
    readonly Role: { readonly 'Fn::GetAtt': readonly string[] }
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> }
    readonly Policies: readonly {
      readonly PolicyDocument: { readonly Statement: readonly (Statement | Conditional)[] }
    }[]
    readonly MaximumRetryAttempts: number
    readonly MaximumEventAgeInSeconds: number
    readonly ScheduleExpression: string
    readonly Target: { readonly Arn: object; readonly RetryPolicy: object }
    readonly Name: string
    readonly FunctionVersion: { readonly 'Fn::GetAtt': readonly string[] }
    readonly Qualifier: string
    readonly DestinationConfig: { readonly OnFailure?: { readonly Destination: object } }
    readonly IntegrationUri: object
    readonly PointInTimeRecoverySpecification: object
    readonly SSESpecification: object
    readonly BillingMode: string
    readonly AuthorizationType: string
    readonly RetentionInDays: number
  }>
}

export type Statement = { readonly Action: string | readonly string[]; readonly Resource: unknown }
type Conditional = { readonly 'Fn::If': readonly [string, Statement, unknown] }

/** `serverless package` of this checkout with these `name=value` params, into a folder of its own, with no credentials and no way out. */
export async function packaged(params: readonly string[] = []) {
  const folder = await mkdtemp(path.join(tmpdir(), 'connectless-package-'))
  for (const name of ['serverless.yml', 'package.json'])
    await copyFile(path.join(root, name), path.join(folder, name))
  for (const name of ['node_modules', 'functions', 'lib', 'infra'])
    await symlink(path.join(root, name), path.join(folder, name))

  function run(args: readonly string[], env: Readonly<Record<string, string>>) {
    const inherited = { PATH: process.env.PATH, HOME: folder }
    const options = { cwd: folder, env: { ...inherited, ...env } }
    return promisify(execFile)(process.execPath, args, options)
  }
  const folders = [folder]
  async function remove(): Promise<void> {
    for (const one of folders) await rm(one, { recursive: true, force: true })
  }
  try {
    const given = params.flatMap((param) => ['--param', param])
    await run([serverless, 'package', ...given], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })
  } catch (cause) {
    await remove()
    // The framework says on stdout what is wrong.
    const { stdout } = cause as { readonly stdout: string } // what execFile rejects with
    throw new Error(`serverless package failed: ${stdout}`, { cause })
  }
  const json = async (name: string) => JSON.parse(await readFile(path.join(folder, name), 'utf8'))
  const zip = (name: string) => readFile(path.join(folder, '.serverless', `${name}.zip`))

  /** Unpacks a zip where Lambda would, away from any package.json. */
  async function unpack(name: string): Promise<string> {
    const task = await mkdtemp(path.join(tmpdir(), 'connectless-task-'))
    folders.push(task)
    for (const [file, text] of unzipped(await zip(name)))
      await writeFile(path.join(task, file), text)
    return task
  }

  return {
    metafile: (name: string): Promise<Metafile> => json(`.build/${name}.json`),
    templateFile: path.join(folder, TEMPLATE),
    template: (): Promise<Template> => json(TEMPLATE),
    zip,

    /** The zip of the same bundle, made again in another time zone, from files of another time. */
    async zippedAgain(name: string): Promise<Buffer> {
      const code = `import(process.argv[1]).then(({ zip }) => zip(process.argv[2], process.argv[3]))`
      const bundle = path.join(folder, '.build', name)
      for (const file of await readdir(bundle)) await utimes(path.join(bundle, file), 1e9, 1e9)
      const into = path.join(folder, `${name}-again.zip`)
      const args = ['-e', code, path.join(root, 'infra/bundle-plugin.js'), bundle, into]
      await run(args, { TZ: 'Asia/Kathmandu' })
      return readFile(into)
    },

    /** Runs code with the path of an unpacked function's index.js. */
    async inLambda(name: string, code: string, env: Readonly<Record<string, string>> = {}) {
      const task = await unpack(name)
      return run(['-e', code, path.join(task, 'index.js')], env)
    },

    unpack,

    remove,
  }
}
