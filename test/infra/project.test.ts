import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { aws } from '../../infra/stack/aws.ts'
import { kafka } from '../../infra/stack/kafka.ts'
import { mysql } from '../../infra/stack/mysql.ts'
import { projectDir } from '../../infra/stack/records.ts'
import { redis } from '../../infra/stack/redis.ts'

const read = (file: string): string => readFileSync(join(projectDir, file), 'utf8')

test('every dependency has one exact version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'))

  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    assert.match(String(version), /^(npm:[a-z]+@)?\d+\.\d+\.\d+$/, name)
})

test('the lock file names no registry, so that each is used as it is set up', () => {
  const { packages } = JSON.parse(read('package-lock.json'))

  for (const [name, entry] of Object.entries<{ resolved?: string; integrity?: string }>(packages)) {
    assert.equal(entry.resolved, undefined, name)
    if (name !== '') assert.match(entry.integrity ?? '', /^sha512-/, name)
  }
})

describe('containers and native servers are the same', () => {
  const compose = read('infra/compose.yml')

  for (const { name, firstPort } of [mysql, kafka, redis, aws])
    test(`${name} listens on ${firstPort}`, () => {
      const defaults = [...compose.matchAll(new RegExp(`${name.toUpperCase()}_PORT:-(\\d+)`, 'g'))]

      assert.ok(defaults.length >= 3)
      for (const [, port] of defaults) assert.equal(Number(port), firstPort)
    })

  for (const [{ title }, image] of [
    [kafka, /image: apache\/kafka:(\S+)/],
    [aws, /pip install .*ministack==(\S+)/],
  ] as const)
    test(`${title} is of one version`, () => {
      assert.ok(title.endsWith(` ${image.exec(compose)?.[1]}`))
    })
})
