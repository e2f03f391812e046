import { readFileSync } from 'node:fs'
import { addresses } from '../stack/addresses.ts'
import { DATABASE, REDIS_DATABASE } from './world.ts'

export type Config = { readonly name: string; readonly config: Readonly<Record<string, string>> }

/** The seed's own file, its addresses put to the servers of this stack, or to a Redis elsewhere. */
export function sample(
  name: 'example-source' | 'example-sink',
  redis: { readonly host: string; readonly port: number } = addresses().redis,
): Config {
  const { name: connector, config }: Config = JSON.parse(
    readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'),
  )
  const { mysql, redis: cache } = addresses()
  const here: Readonly<Record<string, string>> = {
    'database.url': (config['database.url'] ?? '').replace(
      /\/\/[^/]*\/[^?]*/,
      `//${mysql.host}:${mysql.port}/${DATABASE}`,
    ),
    'database.username': mysql.user,
    'database.password': mysql.password,
    'redis.host': redis.host,
    'redis.port': String(redis.port),
    'redis.database': String(REDIS_DATABASE),
    'redis.password': cache.password ?? '',
  }
  return {
    name: connector,
    config: Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key, here[key] ?? value]),
    ),
  }
}
