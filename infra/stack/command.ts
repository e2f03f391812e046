import { parseArgs } from 'node:util'
import { type Status, serviceNamed, serviceNames, written } from './addresses.ts'
import { atTheTop } from './at-the-top.ts'
import { down, origin, status, up } from './index.ts'
import { StackError } from './stack-error.ts'

const usage = `npm run stack -- up|down|status [${serviceNames.join('|')} …] [--json]`

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  })
  if (values.help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const [verb, ...rest] = positionals
  const names = rest.length === 0 ? serviceNames : rest.map(serviceNamed)
  if (verb === 'up') print(await up(names), values.json)
  else if (verb === 'status') print(await status(), values.json)
  else if (verb === 'down') await down(names)
  else throw new StackError(usage)
  return 0
}

const print = (there: Status, asJson: boolean): void => {
  process.stdout.write(asJson ? `${JSON.stringify(there)}\n` : table(there))
}

const table = (there: Status): string =>
  serviceNames
    .map((name) => {
      const address = written(name, there) ?? 'down'
      return `${name.padEnd(5)}  ${address.padEnd(62)}  ${origin(name)}\n`
    })
    .join('')

atTheTop(main)
