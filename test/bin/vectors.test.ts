import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Answer } from '../../bin/vectors/answers.ts'
import type { Kind } from '../../bin/vectors/kinds.ts'
import type { Recorded } from '../vectors/cases.ts'
import { essenceOf } from '../vectors/compare.ts'

const COMMAND = fileURLToPath(new URL('../../bin/connectless.js', import.meta.url))
const FIXTURES = fileURLToPath(new URL('../fixtures/vectors/', import.meta.url))

type Outcome = { readonly status: number | null; readonly output: string; readonly errors: string }

/** The command as it is called from anywhere, with the given standard input. */
async function run(
  args: readonly string[],
  input: string,
  node = process.execPath,
): Promise<Outcome> {
  const child = spawn(node, [COMMAND, ...args], { cwd: tmpdir() })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdin.end(input)
  const [output, errors, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ])
  return { status, output, errors }
}

type Answered = Answer & { readonly id: unknown }

const answersIn = (output: string): Answered[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answered)

type AnyCase = Recorded<{ readonly class: string; readonly op?: string; readonly counts?: unknown }>

/** Every case of the fixtures, told apart by what it gives; `parity-…` are cases of our own, `config-…` requests. */
const CASES: readonly AnyCase[] = globSync('*.jsonl', { cwd: FIXTURES })
  .filter((file) => !/^(parity|config)-/.test(file))
  .flatMap((file) => readFileSync(FIXTURES + file, 'utf8').split('\n'))
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as AnyCase)

const PREDICATES: ReadonlySet<string> = new Set([
  'HasHeaderKey',
  'RecordIsTombstone',
  'TopicNameMatches',
])

function kindOf({ op, counts, class: name }: AnyCase): Kind {
  if (op !== undefined) return 'converters'
  if (counts !== undefined) return 'partitioner'
  return PREDICATES.has(name) ? 'predicates' : 'transforms'
}

const withoutExpected = ({ expected: _, ...one }: AnyCase): string => JSON.stringify(one)

for (const kind of ['converters', 'transforms', 'predicates', 'partitioner'] as const)
  describe(`the command answers ${kind}`, () => {
    const cases = CASES.filter((one) => kindOf(one) === kind)
    let outcome: Outcome

    before(async () => {
      outcome = await run(['vectors', kind], `${cases.map(withoutExpected).join('\n')}\n`)
    })

    test('once each, in ASCII, and nothing else', () => {
      const ids = answersIn(outcome.output).map(({ id }) => id)

      assert.deepEqual({ ...outcome, output: '' }, { status: 0, output: '', errors: '' })
      assert.deepEqual(
        ids,
        cases.map(({ id }) => id),
      )
      assert.match(outcome.output, /^[\0-\x7e]*$/)
    })

    test('as Kafka Connect does', () => {
      const answers = new Map(answersIn(outcome.output).map(({ id, ...rest }) => [id, rest]))

      const wrong = cases.filter(({ id, expected }) => {
        const answer = answers.get(id) as Answer
        return essenceOf(answer, expected) !== essenceOf(expected, expected)
      })

      assert.ok(cases.length > 0)
      assert.equal(
        wrong.length,
        0,
        wrong
          .slice(0, 20)
          .map(({ id }) => id)
          .join(' '),
      )
    })

    test('with errors that are thrown on purpose', () => {
      const stumbles = answersIn(outcome.output).filter(
        (answer) =>
          'error' in answer && /^(Type|Range|Reference|Syntax)?Error$/.test(answer.error.class),
      )

      assert.deepEqual(stumbles.slice(0, 20), [])
    })
  })

const BROKEN: readonly { title: string; line: string; id: unknown }[] = [
  { title: 'no JSON', line: '{"id":"x"', id: null },
  { title: 'no object', line: '7', id: null },
  { title: 'null', line: 'null', id: null },
  { title: 'nothing but an id', line: '{"id":"x"}', id: 'x' },
  { title: 'no id', line: '{"class":"JsonConverter"}', id: null },
  {
    title: 'an operation that is none',
    line: '{"id":1,"class":"JsonConverter","op":"x","config":{}}',
    id: 1,
  },
  {
    title: 'a class that is none',
    line: '{"id":"x","class":"constructor","op":"toConnectData","config":{},"data":null}',
    id: 'x',
  },
  {
    title: 'a schema of no type',
    line: '{"id":"x","class":"JsonConverter","op":"fromConnectData","config":{},"schema":{},"value":{"int8":1}}',
    id: 'x',
  },
  {
    title: 'a value of no type',
    line: '{"id":"x","class":"JsonConverter","op":"fromConnectData","config":{},"schema":null,"value":{"what":1}}',
    id: 'x',
  },
  {
    title: 'a value nested too deep to be written',
    line: `{"id":"x","class":"JsonConverter","op":"fromConnectData","config":{},"schema":null,"value":${'{"list":['.repeat(100_000)}${']}'.repeat(100_000)}}`,
    id: 'x',
  },
]

test('whatever is broken is answered with an error, and the next case as ever', async () => {
  const whole = '{"id":"ok","class":"StringConverter","op":"toConnectData","config":{},"data":null}'
  const input = BROKEN.flatMap(({ line }) => [line, '', '  \t', whole]).join('\n')

  const { status, output } = await run(['vectors', 'converters'], input)

  const answers = answersIn(output)
  assert.equal(status, 0)
  assert.deepEqual(
    answers.map(({ id }) => id),
    BROKEN.flatMap(({ id }) => [id, 'ok']),
  )
  for (const [at, answer] of answers.entries()) assert.equal('error' in answer, at % 2 === 0)
})

test('odd names, options and lone surrogates pass', async () => {
  const fields = ['__proto__', 'constructor', 'toString', '\ud800']
  const schema = {
    type: 'struct',
    fields: fields.map((name) => ({ name, schema: { type: 'string' } })),
  }
  // As text, since JSON.stringify would take a member called __proto__ for the prototype.
  const struct = `{"struct":{${fields.map((name) => `${JSON.stringify(name)}:{"string":"\\udc00"}`)}}}`
  const config =
    '{"schemas.enable":false,"__proto__":"x","constructor":{"a":1},"schema.content":null}'
  const input = `{"id":"\\ud800","class":"JsonConverter","op":"fromConnectData","config":${config},"schema":${JSON.stringify(schema)},"value":${struct}}`

  const { output } = await run(['vectors', 'converters'], input)

  assert.match(output, /^\{"id":"\\ud800",/)
  assert.deepEqual(answersIn(output)[0], {
    id: '\ud800',
    data: {
      utf8: '{"__proto__":"\\uDC00","constructor":"\\uDC00","toString":"\\uDC00","\\uD800":"\\uDC00"}',
    },
  })
})

for (const args of [['vectors', 'nope'], ['vectors'], ['vectors', 'converters', 'x']])
  test(`"${args.join(' ')}" is answered with the usage, on standard error alone`, async () => {
    const { status, output, errors } = await run(args, '')

    assert.equal(status, 2)
    assert.equal(output, '')
    assert.match(errors, /vectors <converters\|transforms\|predicates\|partitioner>/)
  })

test('no cases get no answers', async () => {
  assert.deepEqual(await run(['vectors', 'transforms'], ''), { status: 0, output: '', errors: '' })
})

// In `npm test` the pinned Node comes first on the path and the machine's own after it: bin/connectless.js hands over.
const NODES = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .filter((node) => existsSync(node))

test('more than a pipe holds goes through, whichever Node begins', async () => {
  const line = `{"id":1,"class":"StringConverter","op":"toConnectData","config":{},"data":{"utf8":"${'é'.repeat(100)}"}}\n`

  const { output } = await run(['vectors', 'converters'], line.repeat(20_000), NODES.at(-1))

  assert.equal(answersIn(output).length, 20_000)
})
