import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { after, before, test } from 'node:test'
import { parseConfig } from '../../lib/config/config-def.ts'
import { fileStreamSink } from '../../lib/connectors/file-stream-sink.ts'
import type { SinkRecord } from '../../lib/data/record.ts'
import type { Schema } from '../../lib/data/schema.ts'
import type { Value } from '../../lib/data/value.ts'
import type { SinkTask } from '../../lib/plugin.ts'

let folder: string
let files = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-stream-'))
})
after(() => rm(folder, { recursive: true }))

const newFile = (): string => join(folder, `lines-${files++}.txt`)

function started(file: string, stdout: Writable = new PassThrough()): Promise<SinkTask> {
  const connector = fileStreamSink({ stdout })
  return connector.startTask(parseConfig(connector.config, { file }), {
    connector: 'c',
    task: 0,
    warn: () => assert.fail('nothing to warn of'),
    reportErrant: () => assert.fail('nothing is errant'),
  })
}

const record = (value: Value, valueSchema: Schema | null = null): SinkRecord => ({
  topic: 't',
  partition: 0,
  offset: 0,
  originalTopic: 't',
  originalPartition: 0,
  keySchema: null,
  key: null,
  valueSchema,
  value,
  timestamp: null,
  timestampType: 'CREATE_TIME',
  headers: [],
})

const batch = { id: 'b', remainingMs: () => 10_000 }

test('each value becomes a line of Java’s text, and a record without one the word null', async () => {
  const file = newFile()
  const task = await started(file)
  const schema: Schema = {
    type: 'struct',
    fields: [
      { name: 'id', schema: { type: 'int32' } },
      { name: 'name', schema: { type: 'string' } },
    ],
  }

  await task.put(
    [
      record('plain ä'),
      record(12n, { type: 'int64' }),
      record(1, { type: 'float64' }),
      record({ id: 1, name: 'x' }, schema),
      record(new Map([['a', ['b', null]]])),
      record(null),
    ],
    batch,
  )

  assert.equal(
    await readFile(file, 'utf8'),
    'plain ä\n12\n1.0\nStruct{id=1,name=x}\n{a=[b, null]}\nnull\n',
  )
  await task.stop()
})

test('lines are appended to what there is, batch after batch and task after task', async () => {
  const file = newFile()
  await writeFile(file, 'before\n')

  for (const value of ['one', 'two']) {
    const task = await started(file)
    await task.put([record(value)], batch)
    await task.put([record(`${value} again`)], batch)
    await task.stop()
  }

  assert.equal(await readFile(file, 'utf8'), 'before\none\none again\ntwo\ntwo again\n')
})

test('a file that cannot be made fails the task', async () => {
  const file = join(folder, 'no such folder', 'file')

  await assert.rejects(started(file), {
    message: `Couldn't find or create file '${file}' for FileStreamSinkTask`,
    retriable: false,
  })
})

test('nothing is written once the time of the batch is over', async () => {
  const file = newFile()
  const task = await started(file)

  await assert.rejects(task.put([record('late')], { id: 'b', remainingMs: () => 0 }), {
    retriable: true,
  })

  assert.equal(await readFile(file, 'utf8'), '')
  await task.stop()
})

test('a disk that is full is an error that may heal, and nothing is acknowledged', async () => {
  const task = await started('/dev/full')

  await assert.rejects(task.put([record('x')], batch), { name: 'RetriableException' })
  await task.stop()
})

test('without a file lines go to standard output', async () => {
  const stdout = new PassThrough()
  const task = await started('', stdout)

  await task.put([record('one'), record('two')], batch)

  assert.equal(String(stdout.read()), 'one\ntwo\n')
  await task.stop()
})

test('put returns only when standard output has the lines; its error may heal', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('closed')) })
  broken.on('error', () => undefined)
  const task = await started('', broken)

  await assert.rejects(task.put([record('x')], batch), {
    name: 'RetriableException',
    message: 'Writing to standard output: closed',
  })
})
