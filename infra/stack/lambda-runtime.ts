import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brought } from './brought.ts'
import { program } from './programs.ts'
import { python3, pythonWith } from './python.ts'
import type { Program } from './service.ts'
import { StackError } from './stack-error.ts'

/** What a function runs in without AWS: AWS's own emulator of Lambda, and its own runtime client for Node. */
export type LambdaRuntime = {
  /** the emulator, a program of AWS's that `sam local` uses */
  readonly emulator: string
  /** the script that asks the emulator for invocations and hands them to the function's handler */
  readonly client: string
}

const SAM = '1.170.0'
const CLIENT = '4.0.2'

/** What must be there to bring them. */
export const lambdaRuntimeNeeds: readonly Program[] = [
  python3,
  { command: 'g++', debianPackage: 'g++' },
  { command: 'xz', debianPackage: 'xz-utils' },
  // For its library, which the client speaks HTTP with.
  { command: 'curl', debianPackage: 'curl' },
]

/** Both, brought at the first use. Linux only, as they are. */
export const lambdaRuntime = async (): Promise<LambdaRuntime> => ({
  emulator: await emulator(),
  client: await client(),
})

const EMULATORS: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'arm64' }

async function emulator(): Promise<string> {
  const python = await pythonWith(`aws-sam-cli-${SAM}`, [
    '--no-deps',
    '--no-compile',
    `aws-sam-cli==${SAM}`,
  ])
  const name = `aws-lambda-rie-${EMULATORS[process.arch] ?? process.arch}`
  const lib = join(dirname(dirname(python)), 'lib')
  const [found] = globSync(`*/site-packages/samcli/local/rapid/${name}`, { cwd: lib })
  if (found === undefined)
    throw new StackError(`aws-sam-cli ${SAM} has no emulator of Lambda for ${process.arch}`)
  return join(lib, found)
}

async function client(): Promise<string> {
  const dir = await brought(`lambda-runtime-client-${CLIENT}`, (cwd) => [
    {
      command: program('npm'),
      args: [
        'install',
        '--prefix',
        '.',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        `aws-lambda-ric@${CLIENT}`,
        'node-addon-api@8.9.2',
        'node-api-headers@1.9.0',
      ],
      cwd,
    },
    { command: 'sh', args: ['-e', '-c', BUILD], cwd },
  ])
  return join(dir, 'node_modules', 'aws-lambda-ric', 'index.mjs')
}

// Its own install script does the same in a minute, most of which goes into a curl of its own: here it is the system's.
// Of Node's headers it uses those of the stable API alone; the others are included and not needed.
const BUILD = `
cd node_modules/aws-lambda-ric
mkdir curl cpp unused
tar xJf deps/curl.tar.xz -C curl
tar xJf deps/aws-lambda-cpp.tar.xz -C cpp
for header in uv v8 node; do : > unused/$header.h; done
sed 's/@PROJECT_VERSION_[A-Z]*@/0/; s/@PROJECT_VERSION@/0/' cpp/src/version.cpp.in > cpp/version.cpp
g++ -std=c++17 -O2 -fPIC -shared -o rapid-client.node \\
  -Icpp/include -Icurl/include -I../node-addon-api -I../node-api-headers/include -Iunused \\
  src/native/rapid-client.cc cpp/src/runtime.cpp cpp/src/logging.cpp cpp/version.cpp -l:libcurl.so.4
rm -r curl cpp unused
`
