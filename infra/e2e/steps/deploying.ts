import assert from 'node:assert/strict'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { addresses } from '../../stack/addresses.ts'
import { apiAt, apiUrl, giveTo, userWho } from '../api.ts'
import { clientAt, resourcesOf } from '../cloud.ts'
import { roleOf, STACK, STAGE } from '../deployment.ts'
import { everyRowArrives, whileRowsCome } from '../rows.ts'
import type { Scene } from '../scene.ts'
import { apiOf, type Step } from './step.ts'

async function deploy(scene: Scene, params: Readonly<Record<string, string>>) {
  const outcome = await scene.deployment.deploy(params)
  scene.params = params
  return outcome
}

/** What each deployment is told of this place. */
const ofThisPlace = () => ({
  kafkaBootstrapServers: addresses().kafka['bootstrap.servers'],
  tableDeletionPolicy: 'Delete',
})

export const deployingFirst: readonly Step[] = [
  {
    title: 'serverless deploy puts everything into an empty account',
    async run(scene) {
      assert.equal(await deploy(scene, ofThisPlace()), 'deployed')
      await giveWhatMiniStackMistakes(scene.emulator.url)
      return `${(await resourcesOf(scene)).size} resources`
    },
  },
  {
    title: 'a second deploy without a change changes nothing',
    async run(scene) {
      assert.equal(await deploy(scene, scene.params), 'skipped')
      return undefined
    },
  },
  {
    title: 'API Gateway lets in who signs and may, and nobody else',
    async run(scene) {
      const { url: endpoint } = scene.emulator
      const url = await apiUrl(endpoint, STACK)
      const Resource = `arn:aws:execute-api:*:*:${url.split('/').at(-2)}/*`
      const allowed = { Action: 'execute-api:Invoke', Resource }
      scene.api = apiAt(url, await userWho(endpoint, 'operator', allowed))
      const stranger = apiAt(url, await userWho(endpoint, 'stranger'))

      const unsigned = await fetch(`${url}/connectors`)
      assert.equal(unsigned.status, 403)
      assert.equal((await stranger.ask('GET', '/connectors')).status, 403)
      assert.deepEqual(await scene.api.request('GET', '/connectors'), [])
      return undefined
    },
  },
]

export const deployingAgain: readonly Step[] = [
  {
    title: 'a changed function is deployed while records flow, and none is lost',
    async run(scene) {
      await whileRowsCome(scene.world, async () => {
        scene.deployment.change('source')
        scene.deployment.change('sink')
        assert.equal(await deploy(scene, scene.params), 'deployed')
      })
      const rows = await everyRowArrives(scene.world)
      await apiOf(scene).waitFor('example-sink', 'RUNNING')
      return `${rows} rows`
    },
  },
  {
    title: 'deployed for names and passwords, the API asks for those of its secret',
    async run(scene) {
      const { url: endpoint } = scene.emulator
      const apiUsersSecretArn = await secretWith(endpoint, { operator: 'let me in' })
      const basic = { ...scene.params, apiAuthorization: 'BASIC', apiUsersSecretArn }
      assert.equal(await deploy(scene, basic), 'deployed')
      const url = await apiUrl(endpoint, STACK)
      const wrong = apiAt(url, { user: 'operator', password: 'guessed' })
      scene.api = apiAt(url, { user: 'operator', password: 'let me in' })

      assert.equal((await fetch(`${url}/connectors`)).status, 401)
      assert.equal((await wrong.ask('GET', '/connectors')).status, 401)
      const names = (await scene.api.request('GET', '/connectors')) as string[]
      assert.deepEqual([...names].sort(), ['example-sink', 'example-source', 'orders-source'])
      return undefined
    },
  },
]

/**
 * MiniStack takes reading one alias for listing all, and each schedule for one of the group default. Whether the roles allow what AWS asks
 * is simulated, in rights.ts.
 */
async function giveWhatMiniStackMistakes(endpoint: string): Promise<void> {
  await giveTo(endpoint, roleOf('sink'), ['lambda:ListAliases'], `function:${STACK}-sink`)
  const schedules = ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule']
  await giveTo(endpoint, roleOf('coordinator'), schedules, `schedule/default/${STAGE}-*`)
}

/** Its ARN. */
async function secretWith(endpoint: string, value: object): Promise<string> {
  const client = new SecretsManagerClient(clientAt(endpoint))
  const SecretString = JSON.stringify(value)
  const { ARN } = await client.send(new CreateSecretCommand({ Name: 'api-users', SecretString }))
  return ARN ?? ''
}
