import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { RetriableError } from '../../lib/errors.ts'
import { withPluginPath } from '../../lib/plugin-path/index.ts'
import { plugins as known } from '../../lib/registry.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'connectless-plugins-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, text: string): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

const predicate = (name: string): string =>
  `predicate({ name: '${name}', version: '1', doc: 'd', config: {}, configure: () => ({ test: () => true }) })`
const KIT = `import { predicate } from 'connectless/plugin'\n`

const added = (entries: readonly string[]) => {
  const { plugins, faults } = withPluginPath(known, entries)
  const isNew = ({ name }: { readonly name: string }) => !known.all.some((one) => one.name === name)
  return {
    names: plugins.all.filter(isNew).map(({ name }) => name),
    faults: faults.map(({ message }) => message.replaceAll(folder, '<folder>')),
  }
}

test('without entries everything stays as it is', () => {
  assert.deepEqual(withPluginPath(known, []), { plugins: known, faults: [] })
})

test('files and folders of a folder are modules, of whatever kind, and an export may be a list', async () => {
  await write('a.ts', `${KIT}export const one: object = ${predicate('x.A')}`)
  await write('b.mjs', `${KIT}export default [${predicate('x.B1')}, ${predicate('x.B2')}]`)
  await write('c.cjs', `exports.it = require('connectless/plugin').${predicate('x.C')}`)
  await write('d/index.ts', `${KIT}export const four = ${predicate('x.D')}`)
  await write('e/package.json', '{"main": "lib/e.js", "type": "module"}')
  await write(
    'e/lib/e.js',
    `${KIT}import f from 'f'\nexport const five = ${predicate('x.E')}, n = f`,
  )
  await write('e/node_modules/f/index.js', 'module.exports = 1')

  assert.deepEqual(added([folder]), {
    names: ['x.A', 'x.B1', 'x.B2', 'x.C', 'x.D', 'x.E'],
    faults: [],
  })
})

test('Java archives, tests, declarations and hidden files are no modules', async () => {
  for (const name of [
    'a.jar',
    'b/b.jar',
    'c.d.ts',
    'd.test.ts',
    '.e.ts',
    'node_modules/f/index.js',
  ])
    await write(name, 'throw new Error("loaded")')

  assert.deepEqual(added([folder]), { names: [], faults: [] })
})

test('a single module may be named', async () => {
  const file = await write('a.ts', `${KIT}export const one = ${predicate('x.Single')}`)

  assert.deepEqual(added([file]), { names: ['x.Single'], faults: [] })
})

test('what cannot be used is told by its place, and keeps nothing else from being there', async () => {
  await write('1-throws.ts', 'throw new Error("no such driver")')
  await write('2-nothing.ts', 'export const n = 1')
  await write(
    '3-lacks.ts',
    `export const s = { kind: 'sink', name: 'x.Sink', version: '1', doc: 'd', config: {}, taskClass: 'x.T' }`,
  )
  await write(
    '4-taken.ts',
    `${KIT}export const c = ${predicate('org.apache.kafka.connect.transforms.Cast$Key')}`,
  )
  await write('5-waits.mjs', 'await 1')
  await write('6-fine.ts', `${KIT}export const c = ${predicate('x.Fine')}`)

  const { names, faults } = added([path.join(folder, 'not-there'), folder])

  assert.deepEqual(names, ['x.Fine'])
  assert.deepEqual(
    faults.slice(0, 5).map((fault) => fault.split('\n')[0]),
    [
      "plugin.path: <folder>/not-there: ENOENT: no such file or directory, stat '<folder>/not-there'",
      'plugin.path: <folder>/1-throws.ts: no such driver',
      'plugin.path: <folder>/2-nothing.ts: it exports no plugin',
      'plugin.path: <folder>/3-lacks.ts: the sink x.Sink lacks startTask, a function',
      'plugin.path: <folder>/4-taken.ts: there is a plugin of the class org.apache.kafka.connect.transforms.Cast$Key already',
    ],
  )
  assert.match(faults[5] ?? '', /^plugin\.path: <folder>\/5-waits\.mjs: .*top-level await/)
  assert.equal(faults.length, 6)
})

test('an error of the kit is one of ours', async () => {
  const file = await write(
    'a.ts',
    `import { predicate, RetriableError } from 'connectless/plugin'
     export const it = predicate({ name: 'x.Throws', version: '1', doc: 'd', config: {},
       configure: () => { throw new RetriableError('later') } })`,
  )

  const { plugins } = withPluginPath(known, [file])

  assert.throws(() => plugins.predicate('x.Throws').configure({}), RetriableError)
})
