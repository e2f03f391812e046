import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager'
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { addresses } from '../../infra/stack/addresses.ts'
import { traceOf } from '../../lib/errors.ts'
import { parametersOf } from '../../lib/secrets/parameter-store.ts'
import { secretsOf } from '../../lib/secrets/secrets-manager.ts'
import { tickingClock } from '../runtime/ports-for-test.ts'

const config = () => ({
  endpoint: addresses().aws.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})

const run = `connectless-test-${randomUUID().slice(0, 8)}`
const [json, text, bytes] = [`${run}/json`, `${run}/text`, `${run}/bytes`]
const [plain, sealed] = [`/${run}/plain`, `/${run}/sealed`]
const MEMBERS = {
  password: 'p:w$&"ä',
  port: 3306,
  isReady: true,
  nothing: null,
  empty: '',
  hosts: ['a', 'b'],
}

let secretsManager: SecretsManagerClient
let ssm: SSMClient
let arn: string

before(async () => {
  secretsManager = new SecretsManagerClient(config())
  ssm = new SSMClient(config())
  const create = (Name: string, SecretString: string) =>
    secretsManager.send(new CreateSecretCommand({ Name, SecretString }))
  arn = (await create(json, JSON.stringify(MEMBERS))).ARN ?? ''
  await create(text, 'no JSON: hunter22')
  await secretsManager.send(
    new CreateSecretCommand({ Name: bytes, SecretBinary: Buffer.from('x') }),
  )
  await ssm.send(
    new PutParameterCommand({ Name: plain, Value: 'table_a,table_b', Type: 'StringList' }),
  )
  await ssm.send(new PutParameterCommand({ Name: sealed, Value: 'hunter22', Type: 'SecureString' }))
})

after(async () => {
  for (const SecretId of [json, text, bytes])
    await secretsManager.send(
      new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }),
    )
  for (const Name of [plain, sealed]) await ssm.send(new DeleteParameterCommand({ Name }))
  secretsManager.destroy()
  ssm.destroy()
})

const secrets = () => secretsOf(secretsManager, tickingClock())
const parameters = () => parametersOf(ssm, tickingClock())

test('a member of a secret that is a JSON object is its text', async () => {
  const { get } = secrets()

  const found = Object.fromEntries(
    await Promise.all(Object.keys(MEMBERS).map(async (key) => [key, await get(json, key)])),
  )

  assert.deepEqual(found, {
    password: 'p:w$&"ä',
    port: '3306',
    isReady: 'true',
    nothing: undefined,
    empty: '',
    hosts: '["a","b"]',
  })
  assert.equal(await get(json, 'nope'), undefined)
  assert.equal(await get(json, 'toString'), undefined)
})

test('without a key it is the whole secret', async () => {
  const { get } = secrets()

  assert.equal(await get('', text), 'no JSON: hunter22')
  assert.equal(await get(text, ''), 'no JSON: hunter22')
  assert.equal(await get(json, ''), JSON.stringify(MEMBERS))
})

test('a secret may be named by its ARN, as it is or with its colons escaped', async () => {
  const { get } = secrets()
  const [first = '', ...rest] = arn.split(':')

  assert.match(arn, /^arn:aws:secretsmanager:/)
  assert.equal(await get(first, [...rest, 'port'].join(':')), '3306')
  assert.equal(await get(first, rest.join(':')), JSON.stringify(MEMBERS))
  assert.equal(await get(arn.replaceAll(':', '%3A'), 'port'), '3306')
})

test('a secret that is not there is an error that names it and does not heal', async () => {
  await assert.rejects(secrets().get(`${run}/nope`, 'password'), {
    name: 'ConfigException',
    retriable: false,
    message: new RegExp(`^Reading secret ${run}/nope: ResourceNotFoundException: `),
  })
})

test('a key of a secret that is no JSON object is an error, which shows nothing of the secret', async () => {
  await assert.rejects(secrets().get(text, 'password'), (error: Error) => {
    assert.equal(error.message, `Secret ${text} is no JSON object, so it has no key password`)
    assert.doesNotMatch(traceOf(error), /hunter22/)
    return true
  })
})

test('a secret of bytes is no text', async () => {
  await assert.rejects(secrets().get(bytes, ''), {
    message: `Secret ${bytes} holds bytes, no text`,
  })
})

test('a secret is kept for a minute, and a change of it seen after that', async () => {
  const clock = tickingClock()
  const { get } = secretsOf(secretsManager, clock)
  const name = `${run}/turns`
  await secretsManager.send(new CreateSecretCommand({ Name: name, SecretString: '{"k":"old"}' }))
  const before = await get(name, 'k')
  await secretsManager.send(
    new UpdateSecretCommand({ SecretId: name, SecretString: '{"k":"new"}' }),
  )

  clock.freeze(59_000)
  const within = await get(name, 'k')
  clock.freeze(1_000)
  const afterwards = await get(name, 'k')

  assert.deepEqual([before, within, afterwards], ['old', 'old', 'new'])
  await secretsManager.send(
    new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }),
  )
})

for (const { title, path, key } of [
  { title: 'a path and a name', path: `/${run}`, key: 'sealed' },
  { title: 'a path that ends in a slash', path: `/${run}/`, key: 'sealed' },
  { title: 'a full name alone', path: '', key: sealed },
])
  test(`a parameter is found by ${title}, and deciphered`, async () => {
    assert.equal(await parameters().get(path, key), 'hunter22')
  })

test('a parameter that is a list of texts is joined by commas', async () => {
  assert.equal(await parameters().get('', plain), 'table_a,table_b')
})

test('a parameter that is not there is an error that names it and does not heal', async () => {
  await assert.rejects(parameters().get(`/${run}`, 'nope'), {
    name: 'ConfigException',
    retriable: false,
    message: new RegExp(`^Reading parameter /${run}/nope: ParameterNotFound`),
  })
})
