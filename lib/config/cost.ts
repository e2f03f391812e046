/** What a deployment costs in AWS. Pure: prices and loads come in, a table goes out. */

/** US dollars, us-east-1, arm64, as listed in November 2025: check current prices. Free tiers and data transfer are left out. */
export const PRICES = {
  'lambda.gb.s': { usd: 0.0000133334, doc: 'Lambda on arm64, a GB-second' },
  'lambda.million.requests': { usd: 0.2, doc: 'Lambda, a million requests' },
  'dynamodb.million.writes': { usd: 0.625, doc: 'DynamoDB on demand, a million write units' },
  'dynamodb.million.reads': { usd: 0.125, doc: 'DynamoDB on demand, a million read units' },
  'dynamodb.gb': { usd: 0.25, doc: 'DynamoDB, a GB stored for a month' },
  'scheduler.million': { usd: 1, doc: 'EventBridge Scheduler, a million invocations' },
  'httpapi.million': { usd: 1, doc: 'API Gateway HTTP API, a million requests' },
  'cloudwatch.metric': { usd: 0.3, doc: 'CloudWatch, a metric for a month, of the first 10,000' },
  'cloudwatch.alarm': { usd: 0.1, doc: 'CloudWatch, an alarm for a month' },
  'cloudwatch.dashboard': { usd: 3, doc: 'CloudWatch, a dashboard for a month' },
  'cloudwatch.logs.gb': { usd: 0.5, doc: 'CloudWatch Logs, a GB taken in' },
  'poller.epu.hour': {
    usd: 0.185,
    doc: 'Provisioned event pollers, an event poller unit for an hour',
  },
} as const satisfies Readonly<Record<string, { readonly usd: number; readonly doc: string }>>

export type PriceName = keyof typeof PRICES
export type Prices = Readonly<Record<PriceName, number>>

// An object literal has no other keys.
const NAMES = Object.keys(PRICES) as PriceName[]

export const listedPrices = (): Prices =>
  // Each of its names gets its price.
  Object.fromEntries(NAMES.map((name) => [name, PRICES[name].usd])) as Prices

/** What is asked of the calculator, with its defaults. */
export const LOAD = {
  sources: { value: 1, doc: 'source connectors' },
  sinks: { value: 1, doc: 'sink connectors' },
  'tasks.per.source': { value: 1, doc: 'tasks of each source' },
  'topics.per.sink': { value: 1, doc: 'topics of each sink' },
  'rows.per.second': { value: 10, doc: 'rows a second through all sources, and through all sinks' },
  'busy.fraction': {
    value: 0.1,
    doc: 'share of the time in which a source has rows; else a tick a minute',
  },
  'batch.records': { value: 100, doc: 'records in a batch of a sink' },
  'batch.ms': { value: 200, doc: 'how long a sink works on a batch' },
  'tick.ms': { value: 300, doc: 'how long an idle source, and the coordinator, work at a tick' },
  'memory.mb': { value: 1769, doc: 'memory of source and sink function' },
  'coordinator.memory.mb': { value: 1024, doc: 'memory of the coordinator and the api' },
  'api.requests.per.day': { value: 1000, doc: 'requests of the REST API' },
  'table.gb': { value: 0.1, doc: 'rows stored' },
  'metrics.per.task': {
    value: 8,
    doc: 'metrics that a task tells at metrics.recording.level=INFO',
  },
  'metrics.of.stage': { value: 12, doc: 'metrics of all connectors together' },
  alarms: { value: 14, doc: 'alarms of the template' },
  'log.bytes.per.invocation': { value: 1200, doc: 'log of an invocation, its metrics among it' },
  'provisioned.epus': { value: 0, doc: 'event poller units, where pollers are provisioned' },
  'connect.cluster.usd': {
    value: 0,
    doc: 'what a Kafka Connect cluster costs a month, to compare with',
  },
} as const satisfies Readonly<Record<string, { readonly value: number; readonly doc: string }>>

export type LoadName = keyof typeof LOAD
export type Load = Readonly<Record<LoadName, number>>

export const usualLoad = (): Load =>
  // Each of its names gets its value.
  Object.fromEntries(Object.entries(LOAD).map(([name, { value }]) => [name, value])) as Load

export type CostLine = { readonly service: string; readonly usage: string; readonly usd: number }

export type Cost = {
  readonly lines: readonly CostLine[]
  readonly total: number
  /** what the Connect cluster costs beyond that; left out: there is none to compare with */
  readonly saved?: number
}

/** A month of 30 days. */
const MONTH_S = 30 * 24 * 3600
const MINUTES = MONTH_S / 60
const MILLION = 1_000_000

/** A month. */
export function costOf(load: Load, prices: Prices): Cost {
  const tasks = load.sources * load['tasks.per.source']
  const topics = load.sinks * load['topics.per.sink']
  const busy = load['busy.fraction']

  // A busy source is one invocation after another, and each tick beside it ends at once.
  const sourceS = tasks * (busy * MONTH_S + (1 - busy) * MINUTES * (load['tick.ms'] / 1000))
  const batches = load.sinks === 0 ? 0 : (load['rows.per.second'] * MONTH_S) / load['batch.records']
  // The question how far sinks are behind is one invocation a tick.
  const lagAsks = load.sinks === 0 ? 0 : MINUTES
  const sinkS = batches * (load['batch.ms'] / 1000) + lagAsks
  const apiRequests = load['api.requests.per.day'] * 30
  const smallS = MINUTES * (load['tick.ms'] / 1000) + apiRequests * 0.05
  const gbS =
    ((sourceS + sinkS) * load['memory.mb'] + smallS * load['coordinator.memory.mb']) / 1024
  const ticks = tasks * MINUTES + MINUTES
  const invocations = ticks + batches + lagAsks + apiRequests

  // Of each idle tick: lease taken (a transaction of two writes counts double) and given back. Of a busy second: a commit of two rows, double; a renewal each 5 s.
  const writes = tasks * ((1 - busy) * MINUTES * 5 + busy * MONTH_S * (4 + 0.2))
  const reads = tasks * ((1 - busy) * MINUTES * 8 + busy * MONTH_S * 3) + batches * 3 + MINUTES * 4

  const metrics =
    (tasks + topics) * load['metrics.per.task'] +
    (load.sources + load.sinks) +
    load['metrics.of.stage']
  const logGb = (invocations * load['log.bytes.per.invocation']) / 1e9

  const lines = [
    line('Lambda, time', `${round(gbS)} GB-s`, gbS * prices['lambda.gb.s']),
    perMillion('Lambda, requests', invocations, prices['lambda.million.requests']),
    perMillion('DynamoDB, writes', writes, prices['dynamodb.million.writes']),
    perMillion('DynamoDB, reads', reads, prices['dynamodb.million.reads']),
    line('DynamoDB, storage', `${load['table.gb']} GB`, load['table.gb'] * prices['dynamodb.gb']),
    perMillion('Scheduler', ticks, prices['scheduler.million']),
    perMillion('HTTP API', apiRequests, prices['httpapi.million']),
    line('CloudWatch, metrics', `${round(metrics)}`, metrics * prices['cloudwatch.metric']),
    line(
      'CloudWatch, alarms and dashboard',
      `${load.alarms} and 1`,
      load.alarms * prices['cloudwatch.alarm'] + prices['cloudwatch.dashboard'],
    ),
    line('CloudWatch, logs', `${logGb.toFixed(2)} GB`, logGb * prices['cloudwatch.logs.gb']),
    line(
      'Provisioned pollers',
      `${load['provisioned.epus']} EPU`,
      (load['provisioned.epus'] * MONTH_S * prices['poller.epu.hour']) / 3600,
    ),
  ]
  const total = lines.reduce((sum, { usd }) => sum + usd, 0)
  const cluster = load['connect.cluster.usd']
  return { lines, total, ...(cluster > 0 && { saved: cluster - total }) }
}

const line = (service: string, usage: string, usd: number): CostLine => ({ service, usage, usd })

const perMillion = (service: string, count: number, price: number): CostLine =>
  line(service, round(count), (count / MILLION) * price)

const round = (count: number): string => Math.round(count).toLocaleString('en-US')
