import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** From left to right: a file may import from its own room and from rooms of a lower rank. Rooms of the same rank do not know each other. */
const RANKS: readonly (readonly string[])[] = [
  ['lib/errors.ts'],
  ['lib/data'],
  ['lib/config'],
  ['lib/ports'],
  ['lib/plugin.ts', 'lib/ports.ts'],
  ['lib/converters', 'lib/transforms', 'lib/predicates', 'lib/connectors'],
  ['lib/plugin-kit.ts', 'lib/registry.ts'],
  ['lib/plugin-path'],
  ['lib/runtime', 'lib/coordinator', 'lib/rest'],
  ['lib/store', 'lib/kafka', 'lib/cloud', 'lib/secrets', 'lib/monitoring'],
  ['functions', 'lib/local'],
  ['bin'],
]

const rankOf = (room: string): number => RANKS.findIndex((rooms) => rooms.includes(room))

const roomOf = (file: string): string | undefined =>
  RANKS.flat().find((room) => file === room || file.startsWith(`${room}/`))

const files = globSync(['bin/**/*.ts', 'functions/**/*.ts', 'lib/**/*.ts'], { cwd: root })

const importsOf = (file: string): string[] => {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
}

const localImports = files.flatMap((file) =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ file, to: normalize(join(dirname(file), specifier)) })),
)

test('every file of bin, functions and lib belongs to a room', () => {
  const homeless = files.filter((file) => roomOf(file) === undefined)

  assert.deepEqual(homeless, [])
  assert.ok(files.length > 20)
})

test('imports point left, never sideways, never right', () => {
  const wrong = localImports
    .filter(({ file, to }) => {
      const from = roomOf(file)
      const room = roomOf(to)
      return (
        from !== room && (room === undefined || from === undefined || rankOf(room) >= rankOf(from))
      )
    })
    .map(({ file, to }) => `${file} imports ${to}`)

  assert.deepEqual(wrong, [])
})

test('the one reader of process.env is wire.ts, beside the command', () => {
  const readers = files.filter((file) =>
    /process\.env\b/.test(readFileSync(join(root, file), 'utf8')),
  )

  assert.deepEqual(
    readers.filter((file) => file !== 'functions/wire.ts' && !file.startsWith('bin/')),
    [],
  )
})

const DRIVERS: Readonly<Record<string, string>> = {
  kafkajs: 'lib/kafka',
  mysql2: 'lib/connectors',
  ioredis: 'lib/connectors',
  'node:sqlite': 'lib/local',
}

test('a driver stays behind its one room', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => {
        const driver = Object.keys(DRIVERS).find(
          (name) => specifier === name || specifier.startsWith(`${name}/`),
        )
        return driver !== undefined && !file.startsWith(`${DRIVERS[driver]}/`)
      })
      .map((specifier) => `${file} imports ${specifier}`),
  )

  // The poller is a Kafka consumer of its own: it stands where Lambda's poller stands, outside the functions.
  assert.deepEqual(
    wrong.filter((line) => !/^lib\/local\/kafka-[a-z-]+\.ts imports kafkajs/.test(line)),
    [],
  )
})

test('no file is called after nothing', () => {
  const empty = files.filter((file) =>
    /(^|\/)(utils?|helpers?|common|misc|types|base|manager)(\.ts|\/)/.test(file),
  )

  assert.deepEqual(empty, [])
})
