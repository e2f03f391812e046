/** Clients that create, change and delete the same connectors at once, at random; what they are told is held to what they sent. */
import assert from 'node:assert/strict'

export type Told = { readonly status: number; readonly text: string }

/** Asks one of the workers, whichever its number says. */
export type Ask = (worker: number, method: string, path: string, body?: object) => Promise<Told>

export type Target = {
  readonly name: string
  /** A valid config; `variant` makes a difference to its tasks or topics. */
  readonly configOf: (variant: number) => Readonly<Record<string, string>>
}

export type Storm = {
  readonly ask: Ask
  readonly targets: readonly Target[]
  readonly seed: number
  readonly durationMs: number
}

const CLIENTS = 6
const VARIANTS = 3

/** What was said over all: `POST 201` → how often. */
export type Counts = ReadonlyMap<string, number>

/** Runs until the time is over; throws at the first answer that must not be. */
export async function runStorm(storm: Storm): Promise<Counts> {
  const counts = new Map<string, number>()
  const sent = new Map<string, Readonly<Record<string, string>>>()
  const until = performance.now() + storm.durationMs
  const lives = new Map(storm.targets.map(({ name }) => [name, 0]))
  const versions = new Map<string, number>()
  const client = async (number: number) => {
    const random = randomOf(storm.seed + number)
    for (let call = 0; performance.now() < until; call++) {
      const target = pick(storm.targets, random)
      const id = `${number}-${call}`
      const { line, path, method, body, expected } = pick(
        CALLS,
        random,
      )({
        target,
        id,
        random,
        newest: versions.get(target.name) ?? 1,
      })
      if (body && 'storm' in body) sent.set(id, body)
      const worker = Math.floor(random() * 1_000)
      const sending = line === 'POST' ? wrapped(target.name, body) : body
      const { status, text } = await storm.ask(worker, method, path, sending)
      assert.ok(expected.includes(status), `${line} of ${target.name} answered ${status}: ${text}`)
      counts.set(`${line} ${status}`, (counts.get(`${line} ${status}`) ?? 0) + 1)
      if (status === 201) lives.set(target.name, (lives.get(target.name) ?? 0) + 1)
      if (line === 'DELETE' && status === 204)
        lives.set(target.name, (lives.get(target.name) ?? 0) - 1)
      if (status >= 300 || text === '') continue
      requireWhole(line, target, JSON.parse(text), sent)
      if (line === 'GET history') versions.set(target.name, JSON.parse(text)[0].version)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))
  for (const { name } of storm.targets) {
    // Each that was created was deleted, but for the one that is there.
    const { status } = await storm.ask(0, 'GET', `/connectors/${name}`)
    assert.equal(lives.get(name), status === 200 ? 1 : 0, `lives of ${name}`)
  }
  return counts
}

type Call = {
  readonly line: string
  readonly method: string
  readonly path: string
  readonly body?: Readonly<Record<string, string>>
  readonly expected: readonly number[]
}

type Occasion = {
  readonly target: Target
  readonly id: string
  readonly random: () => number
  /** the newest version that a client has seen */
  readonly newest: number
}

type MakeCall = (occasion: Occasion) => Call

const changing =
  (line: string, method: string, below: string, expected: readonly number[]): MakeCall =>
  ({ target: { name } }) => ({ line, method, path: `/connectors/${name}${below}`, expected })

const configFor = ({ target, id, random }: Occasion) => ({
  ...target.configOf(Math.floor(random() * VARIANTS)),
  name: target.name,
  storm: id,
  'storm.copy': id,
})

const post: MakeCall = (occasion) => ({
  line: 'POST',
  method: 'POST',
  path: '/connectors',
  body: configFor(occasion),
  expected: [201, 409],
})

const putConfig: MakeCall = (occasion) => ({
  line: 'PUT config',
  method: 'PUT',
  path: `/connectors/${occasion.target.name}/config`,
  body: configFor(occasion),
  expected: [200, 201, 409],
})

const patch: MakeCall = ({ target: { name }, id }) => ({
  line: 'PATCH',
  method: 'PATCH',
  path: `/connectors/${name}/config`,
  body: { patch: id, 'patch.copy': id },
  expected: [200, 404, 409],
})

const rollBack: MakeCall = ({ target: { name }, random, newest }) => ({
  line: 'roll back',
  method: 'PUT',
  path: `/connectors/${name}/config/history/${newest - Math.floor(random() * 5)}`,
  expected: [200, 404, 409],
})

const GONE = [404, 409]

const CALLS: readonly MakeCall[] = [
  post,
  post,
  putConfig,
  putConfig,
  patch,
  patch,
  rollBack,
  changing('DELETE', 'DELETE', '', [204, ...GONE]),
  changing('pause', 'PUT', '/pause', [202, ...GONE]),
  changing('resume', 'PUT', '/resume', [202, ...GONE]),
  changing('stop', 'PUT', '/stop', [204, ...GONE]),
  changing('restart', 'POST', '/restart', [204, ...GONE]),
  changing('restart all', 'POST', '/restart?includeTasks=true', [202, ...GONE]),
  changing('restart task', 'POST', '/tasks/0/restart', [204, ...GONE]),
  changing('GET', 'GET', '', [200, 404]),
  changing('GET', 'GET', '', [200, 404]),
  changing('GET config', 'GET', '/config', [200, 404]),
  changing('GET status', 'GET', '/status', [200, 404]),
  changing('GET tasks', 'GET', '/tasks', [200, 404]),
  changing('GET history', 'GET', '/config/history', [200, 404]),
  () => ({
    line: 'list',
    method: 'GET',
    path: '/connectors?expand=info&expand=status',
    expected: [200],
  }),
]

const wrapped = (name: string, config: object | undefined): object => ({ name, config })

type Sent = ReadonlyMap<string, Readonly<Record<string, string>>>
type Config = Readonly<Record<string, string>>
type Info = { readonly name: string; readonly config: Config; readonly tasks: readonly object[] }

/** An answer is of this connector and of one config that was sent, in one piece. */
function requireWhole(line: string, target: Target, json: unknown, sent: Sent): void {
  // The shapes of Kafka Connect's answers, by what was asked.
  if (line === 'GET' || line === 'POST' || /^(PUT config|PATCH|roll back)$/.test(line)) {
    const info = json as Info
    assert.equal(info.name, target.name)
    requireSent(info.config, sent)
  }
  if (line === 'GET config') requireSent(json as Config, sent)
  if (line === 'GET tasks')
    for (const { config } of json as { config: Config }[]) assert.ok(config['task.class'])
  if (line === 'GET status') {
    const status = json as { name: string; tasks: { id: number }[] }
    assert.equal(status.name, target.name)
    assert.deepEqual(
      status.tasks.map(({ id }) => id),
      status.tasks.map((_, at) => at),
    )
  }
  if (line === 'GET history') {
    const entries = json as { version: number; config: Config }[]
    assert.ok(entries.length > 0 && entries.length <= 20)
    for (const { config } of entries) requireSent(config, sent)
    const newest = entries[0]?.version ?? 0
    assert.deepEqual(
      entries.map(({ version }) => version),
      entries.map((_, at) => newest - at),
    )
  }
  if (line === 'list')
    for (const [name, { info }] of Object.entries(json as Record<string, { info: Info }>))
      if (name === target.name) requireSent(info.config, sent)
}

function requireSent(config: Config, sent: Sent): void {
  const { patch, 'patch.copy': copy, ...rest } = config
  assert.equal(copy, patch, `half a patch: ${JSON.stringify(config)}`)
  const whole = sent.get(rest.storm ?? '')
  assert.ok(whole, `nobody sent ${JSON.stringify(config)}`)
  for (const [key, value] of Object.entries(whole))
    if (rest[key] !== '[hidden]') assert.equal(rest[key], value, `${key} of ${rest.storm}`)
  assert.deepEqual(Object.keys(rest).sort(), Object.keys(whole).sort())
}

const RIVALS = 6

/** Of simultaneous POSTs of one name exactly one wins, again and again. */
export async function runDuels(
  { ask, durationMs }: Pick<Storm, 'ask' | 'durationMs'>,
  { name, configOf }: Target,
): Promise<number> {
  const until = performance.now() + durationMs
  let duels = 0
  for (; performance.now() < until; duels++) {
    const told = await Promise.all(
      Array.from({ length: RIVALS }, (_, rival) =>
        ask(rival, 'POST', '/connectors', {
          name,
          config: { ...configOf(rival % VARIANTS), name, rival: String(rival) },
        }),
      ),
    )
    const statuses = told.map(({ status }) => status).sort()
    assert.deepEqual(
      statuses,
      [201, ...Array.from({ length: RIVALS - 1 }, () => 409)],
      told.map(({ text }) => text).join('\n'),
    )
    const winner = told.findIndex(({ status }) => status === 201)
    const { text } = await ask(duels, 'GET', `/connectors/${name}/config`)
    assert.equal(JSON.parse(text).rival, String(winner))
    assert.equal((await ask(duels + 1, 'DELETE', `/connectors/${name}`)).status, 204)
    assert.equal((await ask(duels, 'GET', `/connectors/${name}`)).status, 404)
  }
  return duels
}

function pick<T>(all: readonly T[], random: () => number): T {
  const one = all[Math.floor(random() * all.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

/** mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** STORM_SECONDS and STORM_SEED say otherwise. */
export function stormSettings(): { readonly seed: number; readonly durationMs: number } {
  const seconds = Number(process.env.STORM_SECONDS ?? 10)
  const seed = Number(process.env.STORM_SEED ?? Date.now() % 1_000_000)
  return { seed, durationMs: seconds * 1_000 }
}
