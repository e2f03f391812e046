import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const serverless = path.join(root, 'node_modules', 'serverless', 'bin', 'serverless.js')

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
  readonly Resources: Readonly<
    // biome-ignore lint/suspicious/noExplicitAny: properties of a hundred kinds of resources
    Record<string, { readonly Type: string; readonly Properties: any; readonly DeletionPolicy?: string }>
  >
}

/** `serverless package` of this checkout, into a folder of its own, with no credentials and no way out. */
export async function packaged(environment: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'connectless-package-'))
  for (const name of ['serverless.yml', 'package.json'])
    await copyFile(path.join(root, name), path.join(folder, name))
  for (const name of ['node_modules', 'functions', 'lib', 'infra'])
    await symlink(path.join(root, name), path.join(folder, name))
  await promisify(execFile)(process.execPath, [serverless, 'package'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', ...environment },
  })
  const json = async (name: string) => JSON.parse(await readFile(path.join(folder, name), 'utf8'))
  return {
    bundle: (name: string) => path.join(folder, '.build', name, 'index.js'),
    metafile: (name: string): Promise<Metafile> => json(`.build/${name}.json`),
    zip: (name: string) => readFile(path.join(folder, '.serverless', `${name}.zip`)),
    template: (): Promise<Template> => json('.serverless/cloudformation-template-update-stack.json'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
