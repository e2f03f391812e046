import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { allowedPaths } from '../../lib/secrets/allowed-paths.ts'
import { filesOfFolder, propertiesFiles } from '../../lib/secrets/files.ts'

let folder: string
let properties: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connectless-secrets-'))
  properties = join(folder, 'db.properties')
  await writeFile(properties, '# of the database\nuser=app\npassword = p\\u00e4ss\\=\nempty=\n')
  await mkdir(join(folder, 'mounted', 'below'), { recursive: true })
  await writeFile(join(folder, 'mounted', 'token'), 'line one\nline two\n')
  await writeFile(join(folder, 'mounted-too'), 'next to it')
  await symlink(join(folder, 'mounted', 'token'), join(folder, 'mounted', 'link'))
})
after(() => rm(folder, { recursive: true }))

const quiet = () => assert.fail('nothing to warn of')

test('a value is found in a properties file by its key', async () => {
  const values = propertiesFiles(allowedPaths(), quiet)

  const found = await Promise.all(
    ['user', 'password', 'empty'].map((key) => values.get(properties, key)),
  )

  assert.deepEqual(found, ['app', 'päss=', ''])
  assert.equal(await values.get(properties, 'nope'), undefined)
  assert.equal(await values.get(properties, 'constructor'), undefined)
  assert.equal(await values.get('', 'user'), undefined)
})

test('a properties file that cannot be read is an error that names it', async () => {
  const values = propertiesFiles(allowedPaths(), quiet)
  const file = join(folder, 'nope.properties')

  await assert.rejects(values.get(file, 'user'), {
    name: 'ConfigException',
    message: `Could not read properties from file ${file}`,
  })
})

test('a file of a folder is its whole content, a link to one too', async () => {
  const values = filesOfFolder(allowedPaths(), quiet)

  const found = [
    await values.get(join(folder, 'mounted'), 'token'),
    await values.get(join(folder, 'mounted'), 'link'),
  ]

  assert.deepEqual(found, ['line one\nline two\n', 'line one\nline two\n'])
  assert.equal(await values.get('', 'token'), undefined)
})

for (const key of ['nope', 'below', '..', '.', '', '../db.properties', 'below/../token'])
  test(`in a folder there is no ${JSON.stringify(key)}: a key is the name of a file`, async () => {
    const values = filesOfFolder(allowedPaths(), quiet)

    assert.equal(await values.get(join(folder, 'mounted'), key), undefined)
  })

test('what is no folder is warned of and gives nothing', async () => {
  const warnings: string[] = []
  const values = filesOfFolder(allowedPaths(), (message) => warnings.push(message))

  const found = await values.get(properties, 'user')

  assert.equal(found, undefined)
  assert.deepEqual(warnings, [`The path ${properties} is not a directory`])
})

test('only allowed paths and what is below them are read; others are warned of and give nothing', async () => {
  const warnings: string[] = []
  const allowed = allowedPaths(`${join(folder, 'mounted')}/,${properties}`)
  const files = propertiesFiles(allowed, (message) => warnings.push(message))
  const folders = filesOfFolder(allowed, (message) => warnings.push(message))

  assert.equal(await files.get(properties, 'user'), 'app')
  assert.equal(await folders.get(join(folder, 'mounted'), 'token'), 'line one\nline two\n')
  const refused = [
    join(folder, 'mounted-too'),
    `${folder}/mounted/../other.properties`,
    `${folder}/other.properties`,
  ]
  for (const path of refused) assert.equal(await files.get(path, 'user'), undefined)
  assert.equal(await folders.get(folder, 'mounted-too'), undefined)
  assert.deepEqual(
    warnings,
    [...refused, folder].map((path) => `The path ${path} is not allowed to be accessed`),
  )
})

test('a path with dots in it is allowed by where it leads', async () => {
  const files = propertiesFiles(allowedPaths(folder), quiet)

  assert.equal(await files.get(`${folder}/mounted/../db.properties`, 'user'), 'app')
})

test('allowed paths are absolute and exist, or the worker does not start', () => {
  assert.throws(() => allowedPaths('secrets'), { message: 'Path secrets is not absolute' })
  assert.throws(() => allowedPaths(`${folder}/nope`), {
    message: `Path ${folder}/nope does not exist`,
  })
})
