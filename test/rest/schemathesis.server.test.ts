/** Schemathesis (PyPI) makes requests out of GET /openapi.json, sensible ones and others, and holds the answers to it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { openServers } from '../../infra/bench/servers.ts'
import { python3, pythonWith } from '../../infra/stack/python.ts'
import { skipWithout } from '../skip-without.ts'

const SEED = 20260101
const EXAMPLES = 15
const HOOKS = join(import.meta.dirname, 'schemathesis_hooks.py')
const LIMIT_MS = 120_000

test('the document is valid OpenAPI 3.1, and no request made out of it is answered otherwise than it says', async (t) => {
  if (await skipWithout([python3], t)) return
  const python = await pythonWith('schemathesis-4.32.5', [
    'schemathesis==4.32.5',
    'openapi-spec-validator==0.9.0',
  ])
  const { connectless, folder } = await started(t)
  const document = await connectless.request('GET', '/openapi.json')
  const [whole, narrow] = [join(folder, 'whole.json'), join(folder, 'narrow.json')]
  await writeFile(whole, JSON.stringify(document))
  await writeFile(narrow, JSON.stringify(narrowed(document)))

  await said(python, ['-m', 'openapi_spec_validator', '--schema', '3.1', whole], folder)
  const report = await said(
    python,
    ['-m', 'schemathesis.cli', 'run', narrow, '--url', connectless.url, ...OPTIONS],
    folder,
  )

  t.diagnostic(
    report
      .split('\n')
      .filter((line) => /generated|Seed/.test(line))
      .join(' '),
  )
  const health = await connectless.request('GET', '/health')
  assert.equal((health as { status: string }).status, 'healthy')
})

/** Checks that cannot be kept, and why. */
const EXCLUDED = [
  'not_a_server_error', // What a 500 may say is in the document, so that any other does not conform.
  'positive_data_acceptance', // Which configurations are accepted only their plugin knows.
  'ensure_resource_availability', // The tasks and statuses of a connector come after it.
  'unsupported_method', // Kafka Connect's 405 names no allowed methods.
].join()

const OPTIONS = [
  `--seed=${SEED}`,
  `--max-examples=${EXAMPLES}`,
  `--exclude-checks=${EXCLUDED}`,
  '--generation-database=none',
  '--continue-on-failure',
  '--no-shrink',
  '--warnings=off',
]

async function started(t: TestContext) {
  const servers = await openServers()
  const folder = await mkdtemp(join(tmpdir(), 'schemathesis-'))
  t.after(async () => {
    await servers.close()
    await rm(folder, { recursive: true })
  })
  const connectless = await servers.connectless({ 'group.id': servers.name })
  return { connectless, folder }
}

/** Connectors of one harmless class, so that some come to be: it reads standard input, which is empty. */
function narrowed(document: unknown): unknown {
  // It was just found to be an OpenAPI document; its parts are those of lib/rest/openapi/entities.ts.
  const copy = structuredClone(document) as {
    components: { schemas: { NewConfig: { properties: object; required: string[] } } }
  }
  const config = copy.components.schemas.NewConfig
  config.properties = {
    'connector.class': { type: 'string', enum: ['FileStreamSource'] },
    topic: { type: ['string', 'number', 'boolean', 'null'], minLength: 1 },
  }
  config.required = Object.keys(config.properties)
  return copy
}

/** @throws Error with all the program said when it fails. */
async function said(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd,
      timeout: LIMIT_MS,
      env: {
        ...process.env,
        NO_COLOR: '1',
        COLUMNS: '120',
        PYTHONUTF8: '1',
        SCHEMATHESIS_HOOKS: HOOKS,
      },
    })
    return stdout
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`${args.join(' ')}:\n${stdout}\n${stderr}`, { cause })
  }
}
