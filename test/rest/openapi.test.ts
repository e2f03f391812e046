import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Exchange } from '../../infra/parity/play.ts'
import { DESCRIPTIONS, keyOf } from '../../lib/rest/openapi/document.ts'
import { ENTITIES } from '../../lib/rest/openapi/entities.ts'
import { namesIn, PATH_PARAMETERS } from '../../lib/rest/openapi/path-parameters.ts'
import { ADMIN_ROUTES, ROUTES } from '../../lib/rest/routes.ts'
import { faults, misfits } from './described.ts'
import { restWorker } from './rest-worker.ts'

const session: Exchange[] = readFileSync(
  new URL('../fixtures/recorded-session.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))

const ALL = [...ROUTES, ...ADMIN_ROUTES]

test('every route is described', () => {
  const missing = ALL.map(keyOf).filter((key) => !(key in DESCRIPTIONS))

  assert.deepEqual(
    missing,
    [],
    `say what these take and answer, in a file of lib/rest/openapi: ${missing}`,
  )
})

test('every description is of a route', () => {
  const keys = ALL.map(keyOf)

  assert.deepEqual(
    Object.keys(DESCRIPTIONS).filter((key) => !keys.includes(key)),
    [],
  )
})

test('every name in a path is described', () => {
  const names = ALL.flatMap(({ path }) => namesIn(path))

  assert.deepEqual(
    names.filter((name) => !(name in PATH_PARAMETERS)),
    [],
    'to be added to lib/rest/openapi/path-parameters.ts',
  )
})

test('GET /openapi.json answers the document: each operation once, each reference resolved', async () => {
  const { status, body, json } = await restWorker().send('GET', '/openapi.json')

  assert.equal(status, 200)
  // The shape that is asserted right below.
  const { openapi, paths } = json as { openapi: string; paths: Record<string, object> }
  assert.equal(openapi, '3.1.0')
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).flatMap((name) =>
      name === 'parameters' ? [] : [`${name.toUpperCase()} ${path}`],
    ),
  )
  assert.deepEqual(operations.sort(), ALL.map(keyOf).sort())
  const ids = [...body.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id)
  assert.equal(new Set(ids).size, ALL.length)
  const names = [...body.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '')
  assert.deepEqual(
    names.filter((name) => !(name in ENTITIES)),
    [],
  )
})

test('each answer that Kafka Connect gave in the recorded session is as described', () => {
  const wrong = session.flatMap(({ step, status, body }) =>
    misfits(step.method, step.path, { status, json: body === '' ? undefined : body }),
  )

  assert.deepEqual(wrong, [])
  assert.ok(session.length > 400)
})

test('what is not described is found, wherever it is', () => {
  const schema = {
    type: 'array',
    items: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
  } as const

  assert.deepEqual(faults([{ a: 'x' }], schema, 'it'), [])
  assert.deepEqual(faults([{ a: 1, b: 2 }, {}, 'x'], schema, 'it'), [
    'it[0].a is number, not string',
    'it[0].b is not described',
    'it[1] has no a',
    'it[2] is string, not object',
  ])
  assert.equal(misfits('GET', '/connectors/x/status', { status: 418, json: {} }).length, 1)
  assert.equal(misfits('DELETE', '/connectors/x', { status: 204, json: {} }).length, 1)
  assert.equal(
    misfits('POST', '/connectors', { status: 500, json: { error_code: 500, message: 'Oh' } })
      .length,
    1,
  )
})
