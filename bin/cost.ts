/** The command `cost`: what a deployment costs a month. */
import {
  type Cost,
  costOf,
  LOAD,
  type Load,
  listedPrices,
  PRICES,
  type Prices,
  usualLoad,
} from '../lib/config/cost.ts'
import { ConfigError } from '../lib/errors.ts'

/** `args`: name=value of loads and prices, and --json. @throws ConfigError naming the argument that is wrong. */
export function cost(args: readonly string[]): string {
  const given = args.filter((one) => one !== '--json').map(pairOf)
  const load: Load = {
    ...usualLoad(),
    ...Object.fromEntries(given.filter(([name]) => name in LOAD)),
  }
  const prices: Prices = {
    ...listedPrices(),
    ...Object.fromEntries(given.filter(([name]) => name in PRICES)),
  }
  const found = costOf(load, prices)
  return args.includes('--json')
    ? `${JSON.stringify({ ...found, load, prices }, null, 2)}\n`
    : asText(found)
}

function pairOf(arg: string): [string, number] {
  const [, name = '', text = ''] = /^(?:--)?([a-z.]+)=(.+)$/.exec(arg) ?? []
  if (!(name in LOAD) && !(name in PRICES))
    throw new ConfigError(`Not understood: ${arg}\n\n${usage()}`)
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0)
    throw new ConfigError(`Invalid value ${text} for ${name}: it must be a number, 0 or more`)
  return [name, value]
}

const usage = (): string =>
  [
    'connectless cost [name=value …] [--json]',
    '',
    ...Object.entries(LOAD).map(([name, { value, doc }]) => `${name}=${value}  ${doc}`),
    '',
    'Prices in US dollars: us-east-1, November 2025, check current prices.',
    ...Object.entries(PRICES).map(([name, { usd, doc }]) => `${name}=${usd}  ${doc}`),
  ].join('\n')

function asText({ lines, total, saved }: Cost): string {
  const rows = lines.map(({ service, usage: used, usd }) => row(service, used, usd))
  const sum = row('Together, a month', '', total)
  const compared = saved === undefined ? [] : [row('Less than the Connect cluster by', '', saved)]
  return `${[...rows, sum, ...compared].join('\n')}\n\nPrices of us-east-1, November 2025: check current prices.\n`
}

const row = (what: string, used: string, usd: number): string =>
  `${what.padEnd(34)}${used.padStart(20)}${`$${usd.toFixed(2)}`.padStart(12)}`
