import assert from 'node:assert/strict'
import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, before, test } from 'node:test'
import { parseConfig } from '../../lib/config/config-def.ts'
import { fileStreamSource } from '../../lib/connectors/file-stream-source.ts'
import type { OffsetMap, SourceRecord } from '../../lib/data/record.ts'
import type { SourceTask } from '../../lib/plugin.ts'

const NOW = 1_700_000_000_000

let folder: string
let files = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-stream-'))
})
after(() => rm(folder, { recursive: true }))

const newFile = (): string => join(folder, `lines-${files++}.txt`)

type Started = { readonly task: SourceTask; readonly warnings: string[] }

async function started(
  config: Readonly<Record<string, string>>,
  given: { readonly stored?: OffsetMap; readonly stdin?: PassThrough } = {},
): Promise<Started> {
  const warnings: string[] = []
  const { stdin = new PassThrough() } = given
  const connector = fileStreamSource({ stdin: () => stdin, now: () => NOW })
  const parsed = parseConfig(connector.config, { topic: 'lines', ...config })
  const task = await connector.startTask(parsed, {
    connector: 'c',
    task: 0,
    warn: (message) => warnings.push(message),
    offsets: async (partitions) => partitions.map(() => given.stored),
  })
  return { task, warnings }
}

/** Polls until a poll finds nothing. */
async function drained({ task }: Started): Promise<SourceRecord[]> {
  const all: SourceRecord[] = []
  for (;;) {
    const page = await task.poll()
    if (page.length === 0) return all
    all.push(...page)
  }
}

const values = (records: readonly SourceRecord[]) => records.map(({ value }) => value)

const positions = (records: readonly SourceRecord[]) =>
  records.map(({ sourceOffset }) => sourceOffset['position'])

test('each line is a record with the position of the byte after it', async () => {
  const file = newFile()
  await writeFile(file, 'one\n\nthree\n')
  const run = await started({ file })

  const records = await drained(run)

  assert.deepEqual(values(records), ['one', '', 'three'])
  assert.deepEqual(records[0], {
    topic: 'lines',
    partition: null,
    keySchema: null,
    key: null,
    valueSchema: { type: 'string' },
    value: 'one',
    timestamp: NOW,
    headers: [],
    sourcePartition: { filename: file },
    sourceOffset: { position: 4 },
  })
  assert.deepEqual(positions(records), [4, 5, 11])
  await run.task.stop()
})

test('a file that is not there is waited for, and said to be missing once', async () => {
  const file = newFile()
  const run = await started({ file })

  const before = [await run.task.poll(), await run.task.poll()]
  await writeFile(file, 'there\n')
  const records = await drained(run)

  assert.deepEqual(before, [[], []])
  assert.deepEqual(values(records), ['there'])
  assert.deepEqual(run.warnings, [`Couldn't find file ${file}, waiting for it to be created`])
  await run.task.stop()
})

test('appended lines follow; what has no line end yet is held back', async () => {
  const file = newFile()
  await writeFile(file, 'one\ntw')
  const run = await started({ file })

  const first = await drained(run)
  await appendFile(file, 'o\nthree')
  const second = await drained(run)
  await appendFile(file, '\n')
  const third = await drained(run)

  assert.deepEqual([first, second, third].map(values), [['one'], ['two'], ['three']])
  assert.deepEqual([first, second, third].map(positions), [[4], [8], [14]])
  await run.task.stop()
})

test('a new task goes on at the stored position: nothing twice, nothing missing, whatever was read ahead', async () => {
  const file = newFile()
  await writeFile(file, `${Array.from({ length: 50 }, (_, at) => `línea ${at}\n`).join('')}open`)
  const first = await started({ file, 'batch.size': '7' })
  const delivered = await first.task.poll()
  await first.task.poll()
  await first.task.stop()
  await appendFile(file, ' end\n')

  const stored = { position: BigInt(positions(delivered).at(-1) ?? -1) }
  const second = await started({ file, 'batch.size': '7' }, { stored })
  const rest = await drained(second)

  assert.equal(delivered.length, 7)
  assert.deepEqual(values([...delivered, ...rest]), [
    ...Array.from({ length: 50 }, (_, at) => `línea ${at}`),
    'open end',
  ])
  await second.task.stop()
})

test('a line ends with LF, CR LF, or a CR that something follows', async () => {
  const file = newFile()
  await writeFile(file, 'a\r\nb\rc\n\rd\r')
  const run = await started({ file })

  const records = await drained(run)
  await appendFile(file, '\ne\r')
  const after = await drained(run)
  await appendFile(file, 'f')
  const last = await drained(run)

  assert.deepEqual(values(records), ['a', 'b', 'c', ''])
  assert.deepEqual(positions(records), [3, 5, 7, 8])
  assert.deepEqual([values(after), positions(after)], [['d'], [11]])
  assert.deepEqual([values(last), positions(last)], [['e'], [13]])
  await run.task.stop()
})

for (const text of ['ä', '€', '😀'])
  test(`a ${text} cut by the end of what was read at once stays whole, wherever it is cut`, async () => {
    const bytes = Buffer.byteLength(text)
    for (let before = 1; before <= bytes; before++) {
      const file = newFile()
      const line = `${'x'.repeat(64 * 1024 - before)}${text}y`
      await writeFile(file, `${line}\nnext\n`)
      const run = await started({ file })

      const records = await drained(run)

      assert.deepEqual(values(records), [line, 'next'])
      assert.deepEqual(positions(records), [
        64 * 1024 - before + bytes + 2,
        64 * 1024 - before + bytes + 7,
      ])
      await run.task.stop()
    }
  })

test('bytes that are no UTF-8 become replacement characters and count as what they are', async () => {
  const file = newFile()
  await writeFile(file, Buffer.from([0x61, 0xff, 0x62, 0x0a, 0x63, 0x0a]))
  const run = await started({ file })

  const records = await drained(run)

  assert.deepEqual(values(records), ['a\ufffdb', 'c'])
  assert.deepEqual(positions(records), [4, 6])
  await run.task.stop()
})

test('a page has at most batch.size lines, and one where that is less than one', async () => {
  const file = newFile()
  await writeFile(file, 'a\nb\nc\nd\ne\n')
  const [two, zero] = [
    await started({ file, 'batch.size': '2' }),
    await started({ file, 'batch.size': '0' }),
  ]

  const pages = [await two.task.poll(), await two.task.poll(), await two.task.poll()]
  const single = await zero.task.poll()

  assert.deepEqual(pages.map(values), [['a', 'b'], ['c', 'd'], ['e']])
  assert.deepEqual(values(single), ['a'])
  await Promise.all([two.task.stop(), zero.task.stop()])
})

test('long lines fill a page by their bytes: it stays about 1 MB', async () => {
  const file = newFile()
  await writeFile(file, `${'x'.repeat(300_000)}\n`.repeat(20))
  const run = await started({ file })

  const page = await run.task.poll()
  const rest = await drained(run)

  assert.equal(page.length, 4)
  assert.equal(page.length + rest.length, 20)
  assert.ok(values(rest).every((value) => typeof value === 'string' && value.length === 300_000))
  await run.task.stop()
})

test('a file that has become shorter is read from its beginning, and that is said', async () => {
  const file = newFile()
  await writeFile(file, 'one\ntwo\nthr')
  const run = await started({ file })
  const before = await drained(run)

  await truncate(file)
  const emptied = await drained(run)
  await appendFile(file, 'new\n')
  const after = await drained(run)

  assert.deepEqual([before, emptied, after].map(values), [['one', 'two'], [], ['new']])
  assert.deepEqual(positions(after), [4])
  assert.deepEqual(run.warnings, [
    `${file} has 0 bytes, of 11 that were read: reading it from its beginning`,
  ])
  await run.task.stop()
})

test('a stored position beyond the end means that the file was written anew', async () => {
  const file = newFile()
  await writeFile(file, 'new\n')
  const run = await started({ file }, { stored: { position: 1_000n } })

  const records = await drained(run)

  assert.deepEqual(values(records), ['new'])
  assert.equal(run.warnings.length, 1)
  await run.task.stop()
})

test('a stored position that is no whole number fails the task', async () => {
  const starting = started({ file: newFile() }, { stored: { position: '7' } })

  await assert.rejects(starting, { message: 'Offset position is the incorrect type' })
})

test('a stored null position means the beginning', async () => {
  const file = newFile()
  await writeFile(file, 'a\n')
  const run = await started({ file }, { stored: { position: null } })

  const records = await drained(run)

  assert.deepEqual(values(records), ['a'])
  await run.task.stop()
})

test('what cannot be read as a file fails the task', async () => {
  const file = newFile()
  await mkdir(file)
  const run = await started({ file })

  await assert.rejects(run.task.poll(), { code: 'EISDIR' })
  await run.task.stop()
})

test('a poll after the end of the task finds nothing', async () => {
  const file = newFile()
  await writeFile(file, 'a\n')
  const run = await started({ file })
  const first = await run.task.poll()
  await appendFile(file, 'b\n')

  await run.task.stop()
  const afterwards = await run.task.poll()

  assert.equal(first.length, 1)
  assert.deepEqual(afterwards, [])
})

for (const config of [{}, { file: '' }])
  test(`without a file (${JSON.stringify(config)}) lines come from standard input, and have no position`, async () => {
    const stdin = new PassThrough()
    const run = await started(config, { stdin })

    const nothing = await run.task.poll()
    stdin.write('one\ntwo\nthr')
    const records = await drained(run)

    assert.deepEqual(nothing, [])
    assert.deepEqual(values(records), ['one', 'two'])
    assert.deepEqual(
      records.map(({ sourcePartition, sourceOffset }) => [sourcePartition, sourceOffset]),
      [
        [{ filename: null }, { position: null }],
        [{ filename: null }, { position: null }],
      ],
    )
    await run.task.stop()
  })

test('what a task had of standard input and did not give out is the next task’s', async () => {
  const stdin = new PassThrough()
  const first = await started({ 'batch.size': '1' }, { stdin })
  stdin.write('one\ntwo\nthr')
  const given = await first.task.poll()
  await first.task.stop()

  const second = await started({}, { stdin })
  stdin.end('ee\n')
  const rest = await drained(second)

  assert.deepEqual(values([...given, ...rest]), ['one', 'two', 'three'])
  await second.task.stop()
})

test('there is one task, whatever the number asked for', () => {
  const connector = fileStreamSource({ stdin: () => new PassThrough(), now: () => NOW })
  const raw = { topic: 't', 'tasks.max': '5' }

  const configs = connector.taskConfigs(parseConfig(connector.config, raw), 5, raw)

  assert.deepEqual(configs, [raw])
})
