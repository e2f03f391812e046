import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { LIVE, NoSuchRelease, releases } from './releases.js'

/**
 * Plugin of the Serverless Framework: each function is invoked by its alias `live`, which points at a published version. A deploy moves the
 * aliases of the functions that it changes; `serverless back` moves all of them to an earlier release. Plain JavaScript, since the framework loads it.
 */
export default class ReleasePlugin {
  constructor(serverless, options, { log }) {
    this.commands = {
      back: {
        usage: 'Goes back to the release before, or to another one',
        lifecycleEvents: ['move'],
        options: { to: { usage: 'Number of the release', type: 'string' } },
      },
    }
    this.hooks = {
      'before:package:compileFunctions': () => aimAtLive(serverless),
      'after:aws:package:finalize:mergeCustomProviderResources': () => publish(serverless),
      'after:deploy:deploy': () => settle(serverless, log),
      'back:move': () => back(serverless, options.to, log),
    }
  }
}

const FUNCTIONS = ['coordinator', 'source', 'sink', 'api']

const aliasId = (naming, name) => `${naming.getNormalizedFunctionName(name)}LiveAlias`

/** What the framework itself writes for a function's events and destinations then has the alias in it. */
function aimAtLive(serverless) {
  const { naming } = serverless.getProvider('aws')
  for (const name of FUNCTIONS)
    serverless.service.getFunction(name).targetAlias = {
      name: LIVE,
      logicalId: aliasId(naming, name),
    }
}

async function publish(serverless) {
  const { naming } = serverless.getProvider('aws')
  const template = serverless.service.provider.compiledCloudFormationTemplate
  for (const name of FUNCTIONS) {
    const declared = serverless.service.getFunction(name)
    const functionId = naming.getLambdaLogicalId(name)
    const properties = template.Resources[functionId].Properties
    const zip = await readFile(path.resolve(serverless.serviceDir, declared.package.artifact))
    const digest = digestOf(properties, zip, template.Parameters)
    // Lambda publishes nothing where only the template differs, and CloudFormation takes that for a failure.
    properties.Environment.Variables.VERSION_DIGEST = digest
    const versionId = `${naming.getNormalizedFunctionName(name)}LambdaVersion${digest}`
    renameVersion(template, declared, versionId)
    template.Resources[aliasId(naming, name)] = {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: functionId },
        FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
        Name: LIVE,
      },
    }
  }
  // The framework writes functions in the order in which their zips happen to be read, and compares the text with the one deployed.
  template.Resources = sorted(template.Resources)
  template.Outputs = sorted(template.Outputs)
}

const sorted = (members) =>
  Object.fromEntries(Object.entries(members).sort(([one], [other]) => (one < other ? -1 : 1)))

/**
 * Of all that a version freezes. The framework's own digest is taken before `extensions` of the template are merged in, and does not know
 * what parameters stand for, so that a function in other subnets would not become a version.
 */
function digestOf(
  { Code: _, ReservedConcurrentExecutions: __, Tags: ___, ...frozen },
  zip,
  parameters,
) {
  const meant = JSON.stringify(frozen, (_key, value) => {
    const parameter = value?.Ref !== undefined && parameters?.[value.Ref]
    return parameter ? { parameter: parameter.Default } : value
  })
  return createHash('sha256').update(zip).update(meant).digest('hex').slice(0, 32)
}

function renameVersion({ Resources, Outputs }, declared, id) {
  Resources[id] = Resources[declared.versionLogicalId]
  delete Resources[declared.versionLogicalId]
  for (const output of Object.values(Outputs))
    if (output.Value.Ref === declared.versionLogicalId) output.Value.Ref = id
  declared.versionLogicalId = id
}

/** After somebody has gone back the aliases are not where CloudFormation left them, and it moves those of changed functions alone. */
async function settle(serverless, log) {
  const provider = serverless.getProvider('aws')
  const client = new CloudFormationClient(await provider.getAwsSdkV3Config())
  const command = new DescribeStacksCommand({ StackName: provider.naming.getStackName() })
  const { Stacks } = await client.send(command)
  const outputs = new Map(Stacks[0].Outputs.map((one) => [one.OutputKey, one.OutputValue]))
  const versions = Object.fromEntries(
    FUNCTIONS.map((name) => {
      const arn = outputs.get(provider.naming.getLambdaVersionOutputLogicalId(name))
      return [name, arn.split(':').at(-1)]
    }),
  )
  const all = await releasesOf(serverless)
  const { moved } = await all.goTo(versions)
  const { number, isNew } = await all.record(versions)
  if (!isNew && moved.length === 0) return
  await all.nudge()
  log.notice(`Release ${number} is live: ${told(versions)}`)
}

async function back(serverless, to, log) {
  const all = await releasesOf(serverless)
  const target = await all.choose(to).catch((error) => {
    // Of its own class the framework shows the message alone.
    if (error instanceof NoSuchRelease) throw new serverless.classes.Error(error.message)
    throw error
  })
  const { moved } = await all.goTo(target.versions)
  await all.nudge()
  log.notice(
    moved.length === 0
      ? `Release ${target.number} is live already: ${told(target.versions)}`
      : `Release ${target.number} of ${target.made} is live: ${told(target.versions)}`,
  )
}

async function releasesOf(serverless) {
  const client = new LambdaClient(await serverless.getProvider('aws').getAwsSdkV3Config())
  const names = FUNCTIONS.map((name) => [name, serverless.service.getFunction(name).name])
  return releases(client, Object.fromEntries(names))
}

const told = (versions) =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
