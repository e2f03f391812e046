import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { deploymentOf } from '../../functions/deployment.ts'
import {
  FUNCTIONS,
  type Metafile,
  packaged,
  type Resource,
  type Statement,
  type Template,
} from '../../infra/lambda/packaged.ts'
import { unzipped } from '../../infra/lambda/unzipped.ts'

let service: Awaited<ReturnType<typeof packaged>>
let template: Template

before(async () => {
  service = await packaged()
  template = await service.template()
})
after(() => service.remove())

for (const name of FUNCTIONS) {
  test(`${name}: its zip holds its bundle and nothing else, the same bytes whenever it is made`, async () => {
    const zip = await service.zip(name)
    const files = unzipped(zip)

    assert.ok(files.has('index.js'))
    assert.deepEqual(
      [...files.keys()].filter((file) => !/^[\w-]+\.js(\.map)?$/.test(file)),
      [],
    )
    assert.ok(zip.equals(await service.zippedAgain(name)))
  })

  test(`${name}: no code of local mode, of tests or of the build is in it, and no SQLite`, async () => {
    const { inputs } = await service.metafile(name)
    const ours = Object.keys(inputs).filter((file) => !file.includes('node_modules/'))
    const texts = [...unzipped(await service.zip(name)).values()]

    assert.ok(ours.some((file) => file.endsWith(`functions/${name}.ts`)))
    assert.deepEqual(
      ours.filter((file) => /(^|\/)(test|infra|bin|lib\/local)\//.test(file)),
      [],
    )
    assert.deepEqual(
      texts.filter((text) => text.includes('node:sqlite')),
      [],
    )
  })

  test(`${name}: what loads at the start has no driver and no client library in it`, async () => {
    const metafile = await service.metafile(name)
    const start = startOf(metafile).flatMap((file) =>
      Object.keys(metafile.outputs[file]?.inputs ?? {}),
    )

    assert.ok(start.length > 10)
    const libraries =
      /node_modules\/(kafkajs|mysql2|ioredis|@aws-sdk|@smithy|@aws-lambda-powertools)\//
    assert.deepEqual(
      start.filter((file) => libraries.test(file)),
      [],
    )
  })

  test(`${name}: its bundle loads under plain Node, says nothing, opens nothing, and waits for its first request`, async () => {
    const { stdout, stderr } = await service.inLambda(name, LOADING)

    assert.equal(stderr, '')
    assert.deepEqual(JSON.parse(stdout), {
      handler: 'function',
      opened: [],
      failure: 'The environment variable KAFKA_BOOTSTRAP_SERVERS is missing',
    })
  })

  test(`${name}: the environment that the template gives is one that it starts with`, () => {
    const { Environment, FunctionName } = functionOf(name)

    const { worker, mappings } = deploymentOf({
      ...flat(Environment?.Variables ?? {}),
      KAFKA_BOOTSTRAP_SERVERS: 'b-1:9092',
      AWS_LAMBDA_FUNCTION_NAME: String(FunctionName),
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_REGION: 'us-east-1',
    })

    assert.equal(worker.id, `connectless-dev-${name}/stream`)
    assert.deepEqual(mappings.cluster, { bootstrapServers: ['b-1:9092'] })
  })
}

/** Loads a bundle as Lambda does, then calls it without any environment. */
const LOADING = `
  const opened = []
  require('node:net').Socket.prototype.connect = () => opened.push('socket')
  require('node:dns').lookup = name => opened.push(name)
  const { handler } = require(process.argv[1])
  opened.push(...process.getActiveResourcesInfo().filter(kind => !/Pipe|TTY/.test(kind)))
  handler({ rawPath: '/', requestContext: { http: { method: 'GET' } } }, { getRemainingTimeInMillis: () => 1000 })
    .then(answer => JSON.stringify(answer), error => error.message)
    .then(failure => console.log(JSON.stringify({ handler: typeof handler, opened, failure })))`

test('what a layer brings is there beside what is deployed', async () => {
  const layer = await mkdtemp(path.join(tmpdir(), 'connectless-layer-'))
  await writeFile(
    path.join(layer, 'shout.ts'),
    `import { DataError, transform } from 'connectless/plugin'
     export const shout = transform({ name: 'com.example.Shout', version: DataError.name as string, doc: 'd', config: {},
       configure: () => ({ apply: record => record }) })`,
  )
  await writeFile(path.join(layer, 'broken.ts'), 'throw new Error("no such driver")')
  try {
    const { stdout, stderr } = await service.inLambda('api', LISTING, {
      ...flat(functionOf('api').Environment?.Variables ?? {}),
      KAFKA_BOOTSTRAP_SERVERS: 'b-1:9092',
      API_AUTHORIZATION: 'AWS_IAM',
      AWS_LAMBDA_FUNCTION_NAME: 'api',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      CONNECT_PLUGIN_PATH: layer,
    })
    const listed: { class: string; version: string }[] = JSON.parse(stdout)

    assert.deepEqual(
      listed.filter((one) => one.class === 'com.example.Shout'),
      [{ class: 'com.example.Shout', type: 'transformation', version: 'DataError' }],
    )
    assert.ok(listed.length > 20)
    assert.match(stderr, /"level":"ERROR".*plugin\.path: .*broken\.ts: no such driver/)
  } finally {
    await rm(layer, { recursive: true })
  }
})

const LISTING = `
  require(process.argv[1]).handler(
    { rawPath: '/connector-plugins', rawQueryString: 'connectorsOnly=false', headers: {}, requestContext: { http: { method: 'GET' } } },
    { getRemainingTimeInMillis: () => 9000, awsRequestId: 'r' },
  ).then(answer => console.log(answer.body))`

test('functions have the runtime, times and roles that AWS and the design ask for', () => {
  const declared = FUNCTIONS.map((name) => {
    const { Runtime, Architectures, Handler, Timeout, Role } = functionOf(name)
    return [name, Runtime, Architectures?.[0], Handler, Timeout, Role?.['Fn::GetAtt'][0]]
  })

  assert.deepEqual(declared, [
    ['api', 'nodejs24.x', 'arm64', 'index.handler', 29, 'ApiRole'],
    ['coordinator', 'nodejs24.x', 'arm64', 'index.handler', 120, 'CoordinatorRole'],
    ['source', 'nodejs24.x', 'arm64', 'index.handler', 900, 'SourceRole'],
    ['sink', 'nodejs24.x', 'arm64', 'index.handler', 840, 'SinkRole'],
  ])
})

test('no role may do everything of a service, nor do more than listing and networks outside of this deployment', () => {
  const statements = resources('AWS::IAM::Role').flatMap(statementsOf)
  const onEverything = statements.filter((one) => one.Resource === '*').flatMap(actionsOf)

  assert.ok(statements.length > 10)
  assert.deepEqual(
    statements.flatMap(actionsOf).filter((action) => action.includes('*')),
    [],
  )
  assert.deepEqual([...new Set(onEverything.map((action) => action.split(':')[0]))].sort(), [
    'ec2',
    'lambda',
    'scheduler',
    'xray',
  ])
})

test('event source mappings are made, changed and removed for the sink function alone', () => {
  const role = template.Resources['CoordinatorRole'] ?? assert.fail('no CoordinatorRole')
  const mappings = statementsOf(role).filter((one) =>
    actionsOf(one).some((action) => /(Create|Update|Delete)EventSourceMapping$/.test(action)),
  )

  assert.equal(mappings.length, 1)
  const sink = /"(lambda:FunctionArn)":\[[^\]]*-sink"[^\]]*-sink:\*"[^\]]*\]/
  assert.match(JSON.stringify(mappings), sink)
  assert.doesNotMatch(JSON.stringify(mappings), /-(source|api|coordinator)/)
})

test('what references name is read by source and sink alone, and only what the parameters list', () => {
  const rights = ['SourceRole', 'SinkRole', 'ApiRole', 'CoordinatorRole'].map((id) => {
    const role = template.Resources[id] ?? assert.fail(`the template has no ${id}`)
    const statements = statementsOf(role)
    const found = ['SecretArns', 'ParameterArns', 'SecretKeyArns'].map((list) =>
      statements.filter(
        ({ Resource }) => JSON.stringify(Resource) === `{"Fn::Split":[",",{"Ref":"${list}"}]}`,
      ),
    )
    return [id, found.flat().flatMap(actionsOf)]
  })

  const reading = ['secretsmanager:GetSecretValue', 'ssm:GetParameter', 'kms:Decrypt']
  assert.deepEqual(rights, [
    ['SourceRole', reading],
    ['SinkRole', reading],
    ['ApiRole', []],
    ['CoordinatorRole', []],
  ])
})

for (const [title, id, functions] of [
  ['the api asks source and sink by name', 'ApiRole', ['coordinator', 'source', 'sink']],
  ['a source tells the coordinator that it has failed', 'SourceRole', ['coordinator']],
  ['a sink tells the coordinator that it has failed', 'SinkRole', ['coordinator']],
] as const)
  test(`${title}, and invokes nothing else`, () => {
    const role = template.Resources[id] ?? assert.fail(`the template has no ${id}`)
    const invoked = statementsOf(role)
      .filter((one) => actionsOf(one).includes('lambda:InvokeFunction'))
      .flatMap(({ Resource }) => Resource)

    const names = invoked.map((arn) => JSON.stringify(arn).match(/function:([^"]+)"/)?.[1])
    assert.deepEqual(
      names,
      functions.map((name) => `connectless-dev-${name}:live`),
    )
  })

test('connectors of files are for one machine: no function has them', async () => {
  for (const name of FUNCTIONS) {
    const { inputs } = await service.metafile(name)

    assert.deepEqual(
      Object.keys(inputs).filter((file) => file.includes('file-stream')),
      [],
    )
  }
})

test('asynchronous invokes of what is live are not repeated; the coordinator is told of a failed one of source and sink', () => {
  const configs = resources('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)
  const [tick] = resources('AWS::Scheduler::Schedule')

  assert.deepEqual(
    configs.map(({ FunctionName, Qualifier, ...config }) => [
      FunctionName,
      Qualifier,
      config.MaximumRetryAttempts,
      config.MaximumEventAgeInSeconds,
      config.DestinationConfig?.OnFailure?.Destination,
    ]),
    [
      [{ Ref: 'CoordinatorLambdaFunction' }, 'live', 0, 60, undefined],
      [{ Ref: 'SinkLambdaFunction' }, 'live', 0, 60, LIVE_COORDINATOR],
      [{ Ref: 'SourceLambdaFunction' }, 'live', 0, 60, LIVE_COORDINATOR],
    ],
  )
  assert.equal(tick?.Properties.ScheduleExpression, 'rate(1 minute)')
  assert.deepEqual(tick?.Properties.Target?.RetryPolicy, {
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  })
})

for (const name of FUNCTIONS)
  test(`${name}: the alias that is live points at the version of this very code and configuration`, () => {
    const id = `${name[0]?.toUpperCase()}${name.slice(1)}`
    const { Type, Properties } = template.Resources[`${id}LiveAlias`] ?? assert.fail('no alias')
    const [version = '', attribute] = Properties.FunctionVersion?.['Fn::GetAtt'] ?? []
    const digest = String(functionOf(name).Environment?.Variables.VERSION_DIGEST)

    assert.equal(Type, 'AWS::Lambda::Alias')
    assert.deepEqual([Properties.FunctionName, Properties.Name], [functionRef(id), 'live'])
    assert.deepEqual([version, attribute], [`${id}LambdaVersion${digest}`, 'Version'])
    assert.deepEqual(template.Resources[version]?.Properties.FunctionName, functionRef(id))
  })

test('API Gateway and the tick invoke what is live', () => {
  const [integration] = resources('AWS::ApiGatewayV2::Integration')
  const [permission] = resources('AWS::Lambda::Permission')
  const [tick] = resources('AWS::Scheduler::Schedule')

  assert.deepEqual(integration?.Properties.IntegrationUri, live('ApiLambdaFunction'))
  assert.deepEqual(permission?.Properties.FunctionName, live('ApiLambdaFunction'))
  assert.deepEqual(tick?.Properties.Target?.Arn, { Ref: 'CoordinatorLiveAlias' })
})

test('in other subnets source and sink are other versions', async (t) => {
  const moved = await packaged(['subnetIds=subnet-1', 'securityGroupIds=sg-1'])
  t.after(() => moved.remove())
  const { Resources } = await moved.template()

  for (const id of ['SourceLambdaFunction', 'SinkLambdaFunction'])
    assert.notEqual(
      Resources[id]?.Properties.Environment?.Variables.VERSION_DIGEST,
      template.Resources[id]?.Properties.Environment?.Variables.VERSION_DIGEST,
    )
})

test('the table can be restored to any second, is encrypted, and stays when the stack goes', () => {
  const [table] = resources('AWS::DynamoDB::Table')

  assert.equal(table?.DeletionPolicy, 'Retain')
  assert.deepEqual(table?.Properties.PointInTimeRecoverySpecification, {
    PointInTimeRecoveryEnabled: true,
  })
  assert.deepEqual(table?.Properties.SSESpecification, { SSEEnabled: true })
  assert.equal(table?.Properties.BillingMode, 'PAY_PER_REQUEST')
})

test('nobody reaches the REST API without a signed request, unless it is asked for', () => {
  const routes = resources('AWS::ApiGatewayV2::Route')

  assert.deepEqual(
    routes.map(({ Properties }) => Properties.AuthorizationType),
    ['AWS_IAM'],
  )
})

test('with BASIC the api function asks for users, and may read their secret and no other', async (t) => {
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:users-a1b2c3'
  const basic = await packaged(['apiAuthorization=BASIC', `apiUsersSecretArn=${arn}`])
  t.after(() => basic.remove())
  const { Resources, Parameters } = await basic.template()
  const all = Object.values(Resources)

  const route = all.find(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
  const { ApiRole: role, ApiLambdaFunction: api } = Resources
  const variables = flat(api?.Properties.Environment?.Variables ?? {})
  const { worker } = deploymentOf({
    ...variables,
    KAFKA_BOOTSTRAP_SERVERS: 'b-1:9092',
    AWS_LAMBDA_FUNCTION_NAME: 'api',
    AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
    AWS_REGION: 'us-east-1',
  })

  for (const name of FUNCTIONS)
    assert.ok((await basic.zip(name)).equals(await service.zip(name)), `${name} differs by folder`)
  assert.equal(route?.Properties.AuthorizationType, 'NONE')
  assert.equal(Parameters.ApiUsersSecretArn?.Default, arn)
  assert.deepEqual(
    statementsOf(role ?? assert.fail('no ApiRole'))
      .filter((one) => JSON.stringify(one.Resource) === '{"Ref":"ApiUsersSecretArn"}')
      .flatMap(actionsOf),
    ['secretsmanager:GetSecretValue'],
  )
  assert.equal(worker.access, undefined)
  assert.equal(worker.rest?.users?.reveal(), `\${secretsmanager:${arn}}`)
})

test('by IAM source and sink may use this cluster, its topics and groups, and no other’s', async (t) => {
  const cluster = 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/1-2'
  const service = await packaged([
    `kafkaClusterArn=${cluster}`,
    'kafkaAccessType=IAM',
    'apiAuthorization=JWT',
    'apiJwtIssuer=https://issuer.example',
    'apiJwtAudience=me',
  ])
  t.after(() => service.remove())
  const { Resources, Parameters } = await service.template()

  const rights = ['ApiRole', 'CoordinatorRole', 'SourceRole', 'SinkRole'].map((id) => {
    const role = Resources[id] ?? assert.fail(`no ${id}`)
    const own = statementsOf(role).filter((one) => /^kafka-cluster:/.test(actionsOf(one)[0] ?? ''))
    return own.map(({ Resource }) => JSON.stringify(Resource))
  })
  const part = (kind: string) =>
    `{"Fn::Join":["",[{"Fn::Join":[":${kind}/",{"Fn::Split":[":cluster/",{"Ref":"ClusterArn"}]}]},"/*"]]}`
  assert.deepEqual(rights, [
    [],
    [],
    ['{"Ref":"ClusterArn"}', part('topic'), part('transactional-id')],
    ['{"Ref":"ClusterArn"}', part('topic'), part('group')],
  ])
  assert.equal(Parameters.ClusterArn?.Default, cluster)
  const route = Object.values(Resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
  assert.equal(route?.Properties.AuthorizationType, 'JWT')
})

test('the right to make mappings and the tick are gone before the mappings are cleared away', () => {
  const after = Object.entries(template.Resources)
    .filter(([, { DependsOn }]) => DependsOn?.includes('Clearing'))
    .map(([id]) => id)
  const makers = resources('AWS::IAM::Role')
    .flatMap(statementsOf)
    .filter((one) => actionsOf(one).includes('lambda:CreateEventSourceMapping'))

  assert.deepEqual(after.sort(), ['CoordinatorMakesMappings', 'CoordinatorTick'])
  assert.deepEqual(makers, [])
})

test('while mappings are cleared away, the functions, the alias by which the coordinator goes on with it, and the dashboard are there', () => {
  const { DependsOn = [] } = template.Resources.Clearing ?? assert.fail('no Clearing')
  const { COORDINATOR_FUNCTION_ARN: arn } =
    functionOf('coordinator').Environment?.Variables ?? assert.fail('no environment')

  assert.match(JSON.stringify(arn), /-coordinator:live"/)
  assert.deepEqual([...DependsOn].sort(), [
    'CoordinatorLiveAlias',
    'Dashboard',
    'SinkLambdaFunction',
    'SourceLambdaFunction',
  ])
})

test('logs of functions and of the API do not stay for ever', () => {
  const groups = resources('AWS::Logs::LogGroup')

  assert.deepEqual(
    groups.map(({ Properties }) => Properties.RetentionInDays),
    [30, 30, 30, 30, 30],
  )
})

const resources = (type: string) =>
  Object.values(template.Resources).filter(({ Type }) => Type === type)

const functionOf = (name: string): Resource['Properties'] => {
  const id = `${name[0]?.toUpperCase()}${name.slice(1)}LambdaFunction`
  return template.Resources[id]?.Properties ?? assert.fail(`the template has no ${id}`)
}

/** Of a role's policies, those behind a condition too. */
const statementsOf = ({ Properties }: Resource): Statement[] =>
  (Properties.Policies ?? [])
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map((one) => ('Fn::If' in one ? one['Fn::If'][1] : one))

const functionRef = (id: string) => ({ Ref: `${id}LambdaFunction` })

const live = (id: string) => ({ 'Fn::Join': [':', [{ 'Fn::GetAtt': [id, 'Arn'] }, 'live']] })

const LIVE_COORDINATOR = live('CoordinatorLambdaFunction')

const actionsOf = ({ Action }: Statement): readonly string[] =>
  typeof Action === 'string' ? [Action] : Action

/** What CloudFormation fills in stands there as JSON. */
const flat = (variables: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )

/** The files that are loaded by `require` of index.js alone. */
function startOf({ outputs }: Metafile): string[] {
  const start = new Set(Object.keys(outputs).filter((file) => file.endsWith('/index.js')))
  for (const file of start)
    for (const { path, kind } of outputs[file]?.imports ?? [])
      if (kind !== 'dynamic-import' && path in outputs) start.add(path)
  return [...start]
}
