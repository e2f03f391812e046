import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type {
  CreateEventSourceMappingCommandInput,
  LambdaClient,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda'
import {
  ALIAS,
  comesTo,
  create,
  creation,
  get,
  group,
  list,
  mappingFront,
  refused,
  remove,
  state,
  update,
} from './mapping-front.ts'
import { until } from './polling.ts'

const cluster =
  'arn:aws:kafka:us-east-1:123456789012:cluster/demo/751d2973-a626-431c-9d4e-d7975eb44dd7-2'
const msk = { EventSourceArn: cluster, SelfManagedEventSource: undefined }
const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka'

const VALIDATION = (what: string) =>
  new RegExp(`^ValidationException: 1 validation error detected: ${what}`)
const INVALID = (what: string) => new RegExp(`^InvalidParameterValueException: ${what}`)

const refusals: readonly {
  readonly title: string
  readonly having: Partial<CreateEventSourceMappingCommandInput>
  readonly want: RegExp
}[] = [
  {
    title: 'without a function',
    having: { FunctionName: undefined },
    want: VALIDATION("Value null at 'functionName' .*not be null"),
  },
  {
    title: 'of a function with a bad name',
    having: { FunctionName: 'a b' },
    want: VALIDATION("Value 'a b' at 'functionName' .*regular expression"),
  },
  {
    title: 'of a function with too long a name',
    having: { FunctionName: 'x'.repeat(257) },
    want: VALIDATION(".*at 'functionName' .*less than or equal to 256"),
  },
  {
    title: 'of a function that there is not',
    having: { FunctionName: 'none' },
    want: /^ResourceNotFoundException: Function not found: none/,
  },
  {
    title: 'of an alias that there is not',
    having: { FunctionName: 'sink:gone' },
    want: /^ResourceNotFoundException/,
  },
  {
    title: 'of a function that may run for longer than 14 minutes',
    having: { FunctionName: 'slow' },
    want: INVALID('The timeout'),
  },
  {
    title: 'with a group of characters that there are not',
    having: group('a group'),
    want: VALIDATION(".*consumerGroupId' .*regular expression"),
  },
  {
    title: 'with too long a group',
    having: group('x'.repeat(201)),
    want: VALIDATION(".*consumerGroupId' .*less than or equal to 200"),
  },
  {
    title: 'with an empty group',
    having: group(''),
    want: VALIDATION(".*consumerGroupId' .*greater than or equal to 1"),
  },
  { title: 'without a topic', having: { Topics: undefined }, want: INVALID('Topics') },
  {
    title: 'with two topics',
    having: { Topics: ['one', 'two'] },
    want: VALIDATION(".*at 'topics' .*less than or equal to 1"),
  },
  {
    title: 'with an empty list of topics',
    having: { Topics: [] },
    want: VALIDATION(".*at 'topics' .*greater than or equal to 1"),
  },
  {
    title: 'of a topic with a bad name',
    having: { Topics: ['a/b'] },
    want: VALIDATION(".*at 'topics.1.member' .*regular expression"),
  },
  {
    title: 'of a topic with too long a name',
    having: { Topics: ['t'.repeat(250)] },
    want: VALIDATION(".*at 'topics.1.member' .*less than or equal to 249"),
  },
  {
    title: 'with a batch of none',
    having: { BatchSize: 0 },
    want: VALIDATION(".*at 'batchSize' .*greater than or equal to 1"),
  },
  {
    title: 'with too large a batch',
    having: { BatchSize: 10_001 },
    want: VALIDATION(".*at 'batchSize' .*less than or equal to 10000"),
  },
  {
    title: 'with too long a window',
    having: { MaximumBatchingWindowInSeconds: 301 },
    want: VALIDATION(".*at 'maximumBatchingWindowInSeconds' .*less than or equal to 300"),
  },
  {
    title: 'without a starting position',
    having: { StartingPosition: undefined },
    want: INVALID('StartingPosition is required'),
  },
  {
    title: 'with a starting position that there is not',
    having: { StartingPosition: 'EARLIEST' as 'LATEST' },
    want: VALIDATION(".*at 'startingPosition' .*enum value set"),
  },
  {
    title: 'at a time that is not told',
    having: { StartingPosition: 'AT_TIMESTAMP' },
    want: INVALID('StartingPositionTimestamp is required'),
  },
  {
    title: 'at a time to come',
    having: { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date('2999-01-01') },
    want: INVALID('.*in the future'),
  },
  {
    title: 'at a time, from the beginning',
    having: { StartingPositionTimestamp: new Date(0) },
    want: INVALID('StartingPositionTimestamp is allowed only'),
  },
  {
    title: 'without a source',
    having: { SelfManagedEventSource: undefined },
    want: INVALID('Either'),
  },
  {
    title: 'with two sources',
    having: { EventSourceArn: cluster },
    want: INVALID('.*cannot be specified together'),
  },
  {
    title: 'of a source that is no Kafka',
    having: {
      EventSourceArn: 'arn:aws:sqs:us-east-1:123456789012:queue',
      SelfManagedEventSource: undefined,
    },
    want: INVALID('Unrecognized event source'),
  },
  {
    title: 'of brokers that are no host:port',
    having: { SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b-1'] } } },
    want: VALIDATION(".*KAFKA_BOOTSTRAP_SERVERS.1.member' .*regular expression"),
  },
  {
    title: "with another source's group",
    having: { ...msk },
    want: INVALID('SelfManagedKafkaEventSourceConfig'),
  },
  {
    title: 'with a type of access that there is not',
    having: { SourceAccessConfigurations: [{ Type: 'PASSWORD' as 'BASIC_AUTH', URI: secret }] },
    want: VALIDATION(".*type' .*enum value set"),
  },
  {
    title: 'with access for MQ',
    having: { SourceAccessConfigurations: [{ Type: 'VIRTUAL_HOST', URI: 'x' }] },
    want: INVALID('.*VIRTUAL_HOST is not supported'),
  },
  {
    title: 'with access that MSK does not know',
    having: {
      ...msk,
      SelfManagedKafkaEventSourceConfig: undefined,
      SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: secret }],
    },
    want: INVALID('.*BASIC_AUTH is not supported'),
  },
  {
    title: 'with a password in place of a secret',
    having: { SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: 'password' }] },
    want: INVALID('.*must be the ARN of a secret'),
  },
  {
    title: 'with a subnet that is none',
    having: { SourceAccessConfigurations: [{ Type: 'VPC_SUBNET', URI: 'subnet-1' }] },
    want: INVALID('.*must begin with subnet:'),
  },
  {
    title: 'with subnets and no security group',
    having: { SourceAccessConfigurations: [{ Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' }] },
    want: INVALID('.*go together'),
  },
  {
    title: 'with more pollers at least than at most',
    having: { ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 2 } },
    want: INVALID('MinimumPollers \\(3\\)'),
  },
  {
    title: 'with too many pollers at least',
    having: { ProvisionedPollerConfig: { MinimumPollers: 201 } },
    want: VALIDATION(".*minimumPollers' .*less than or equal to 200"),
  },
  {
    title: 'with too many pollers',
    having: { ProvisionedPollerConfig: { MaximumPollers: 2_001 } },
    want: INVALID('MaximumPollers must be at most 2000'),
  },
  {
    title: 'with a poller group of a bad name',
    having: { ProvisionedPollerConfig: { PollerGroupName: 'a b' } },
    want: VALIDATION(".*pollerGroupName' .*regular expression"),
  },
  {
    title: 'with metrics that there are not',
    having: { MetricsConfig: { Metrics: ['Lag' as 'EventCount'] } },
    want: VALIDATION(".*metrics.1.member' .*enum value set"),
  },
  {
    title: 'with an answer type that there is not',
    having: { FunctionResponseTypes: ['All' as 'ReportBatchItemFailures'] },
    want: VALIDATION(".*functionResponseTypes.1.member' .*enum value set"),
  },
  {
    title: 'with what is for SQS',
    having: { ScalingConfig: { MaximumConcurrency: 2 } },
    want: INVALID('ScalingConfig is not supported for Apache Kafka'),
  },
  {
    title: 'with what is for streams',
    having: { ParallelizationFactor: 2 },
    want: INVALID('ParallelizationFactor is not supported for Apache Kafka'),
  },
  {
    title: 'with a filter, which the front has not',
    having: { FilterCriteria: { Filters: [{ Pattern: '{}' }] } },
    want: INVALID('FilterCriteria is not supported by this mapping front'),
  },
  {
    title: 'with a limit of attempts, which the front has not',
    having: { MaximumRetryAttempts: 3 },
    want: INVALID('MaximumRetryAttempts is not supported by this mapping front'),
  },
]

test('creations that Lambda refuses are refused, with its exceptions', async (t) => {
  await using front = await mappingFront()
  for (const { title, having, want } of refusals)
    await t.test(title, async () => {
      // The SDK checks nothing but the function's presence by itself.
      assert.match(await refused(create(front.client, having)), want)
    })
  assert.deepEqual((await list(front.client)).EventSourceMappings, [])
})

test('a request of several faults names each of them', async () => {
  await using front = await mappingFront()

  const text = await refused(create(front.client, { BatchSize: 0, Topics: [] }))

  assert.match(
    text,
    /^ValidationException: 2 validation errors detected: .*'batchSize'.*'topics'|^ValidationException: 2 validation errors detected: .*'topics'.*'batchSize'/,
  )
})

test('members that there are not, wrong types and text that is no JSON are refused', async () => {
  await using front = await mappingFront()
  const post = async (body: string) => {
    const path = `${front.url}/2015-03-31/event-source-mappings`
    const answer = await fetch(path, { method: 'POST', body })
    return [answer.status, answer.headers.get('x-amzn-errortype'), await answer.json()]
  }
  const wrong = (message: string) => [
    400,
    'InvalidRequestContentException',
    { Type: 'User', message },
  ]

  assert.deepEqual(
    await post(JSON.stringify({ ...creation(), Topic: 'orders' })),
    wrong('Unrecognized member "Topic"'),
  )
  assert.deepEqual(
    await post(JSON.stringify({ ...creation(), BatchSize: '10' })),
    wrong('Could not parse request body into json: batchSize must be an integer'),
  )
  assert.deepEqual(await post('{'), wrong('Could not parse request body into json'))
})

test('a mapping is made with a status of its own, shown, changed, listed and deleted', async () => {
  await using front = await mappingFront()
  const { client } = front

  const made = await create(client, { BatchSize: 7, Tags: { of: 'us' } })
  await comesTo(client, made.UUID, 'Disabled')
  const { $metadata, LastModified, ...shown } = await get(client, made.UUID)

  assert.deepEqual([made.$metadata.httpStatusCode, made.State], [202, 'Creating'])
  assert.equal($metadata.httpStatusCode, 200)
  assert.ok(Math.abs(Number(LastModified) - Date.now()) < 10_000)
  assert.deepEqual(shown, {
    BatchSize: 7,
    EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${made.UUID}`,
    FunctionArn: ALIAS,
    LastProcessingResult: 'No records processed',
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b-1:9092'] } },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'a-group' },
    StartingPosition: 'TRIM_HORIZON',
    State: 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    Topics: ['orders'],
    UUID: made.UUID,
  })
  const changed = await update(client, {
    UUID: made.UUID,
    BatchSize: 9,
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 2 },
    MetricsConfig: { Metrics: ['EventCount'] },
  })
  assert.deepEqual([changed.State, changed.BatchSize], ['Updating', 9])
  await comesTo(client, made.UUID, 'Disabled')
  await update(client, { UUID: made.UUID, ProvisionedPollerConfig: {} })
  await comesTo(client, made.UUID, 'Disabled')
  const { ProvisionedPollerConfig, MetricsConfig } = await get(client, made.UUID)
  assert.deepEqual(
    [ProvisionedPollerConfig, MetricsConfig],
    [undefined, { Metrics: ['EventCount'] }],
  )
  assert.equal((await remove(client, made.UUID)).State, 'Deleting')
  await until(async () => (await list(client)).EventSourceMappings?.length === 0)
  assert.match(await refused(get(client, made.UUID)), /^ResourceNotFoundException/)
})

test('without a group a mapping has its own UUID for one', async () => {
  await using front = await mappingFront()

  const made = await create(front.client, { ...msk, SelfManagedKafkaEventSourceConfig: undefined })

  assert.deepEqual(made.AmazonManagedKafkaEventSourceConfig, { ConsumerGroupId: made.UUID })
  assert.equal(made.BatchSize, 100)
})

test('what is fixed for life is refused in an update', async () => {
  await using front = await mappingFront()
  const { client } = front
  const { UUID } = await create(client)
  await comesTo(client, UUID, 'Disabled')
  const put = async (body: object) => {
    const path = `${front.url}/2015-03-31/event-source-mappings/${UUID}`
    const answer = await fetch(path, { method: 'PUT', body: JSON.stringify(body) })
    return `${answer.headers.get('x-amzn-errortype')}: ${((await answer.json()) as { message: string }).message}`
  }

  for (const name of ['Topics', 'StartingPosition', 'EventSourceArn', 'SelfManagedEventSource'])
    assert.match(await put({ [name]: 'x' }), INVALID(`${name} cannot be updated`))
  assert.match(
    await refused(update(client, { UUID, ...group('other') })),
    INVALID('ConsumerGroupId cannot be updated'),
  )
  assert.match(
    await refused(update(client, { UUID, FunctionName: 'none' })),
    /^ResourceNotFoundException/,
  )
  assert.match(await refused(update(client, { UUID, BatchSize: 0 })), /^ValidationException/)
  assert.equal(await state(client, UUID), 'Disabled')
  await update(client, { UUID, ...group('a-group'), FunctionName: 'other' })
  assert.match((await get(client, UUID)).FunctionArn ?? '', /:other$/)
})

test('a mapping that there is not, and an identifier that is none, are told apart', async () => {
  await using front = await mappingFront()
  const unknown = '751d2973-a626-431c-9d4e-d7975eb44dd7'

  for (const call of [
    get,
    remove,
    (client: LambdaClient, UUID: string) => update(client, { UUID }),
  ]) {
    assert.match(
      await refused(call(front.client, unknown)),
      /^ResourceNotFoundException: The resource you requested does not exist/,
    )
    assert.match(await refused(call(front.client, 'short')), /^ValidationException/)
  }
})

test('a group, and a topic of a function, have one mapping', async () => {
  await using front = await mappingFront()
  const { UUID } = await create(front.client)

  assert.match(
    await refused(create(front.client, { Topics: ['others'] })),
    new RegExp(`^ResourceConflictException: .*\\("a-group"\\).*${UUID}`),
  )
  assert.match(
    await refused(create(front.client, group('b-group'))),
    new RegExp(`^ResourceConflictException: .*topics \\("orders"\\).*${UUID}`),
  )
  await create(front.client, { ...group('b-group'), FunctionName: 'other' })
})

test('of many that ask for one group at once, one gets it', async () => {
  await using front = await mappingFront()

  const all = await Promise.allSettled(
    Array.from({ length: 8 }, (_, at) => create(front.client, { Topics: [`topic-${at}`] })),
  )

  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('mappings are listed by function and source, in pages', async () => {
  await using front = await mappingFront()
  const { client } = front
  for (const at of [0, 1, 2, 3, 4])
    await create(client, { Topics: [`topic-${at}`], ...group(`g-${at}`) })
  await create(client, {
    FunctionName: 'other',
    ...msk,
    SelfManagedKafkaEventSourceConfig: undefined,
  })

  const pages: (string | undefined)[][] = []
  let Marker: string | undefined
  do {
    const page = await list(client, { FunctionName: 'sink:live', MaxItems: 2, Marker })
    pages.push((page.EventSourceMappings ?? []).map(({ Topics }) => Topics?.[0]))
    Marker = page.NextMarker
  } while (Marker !== undefined)

  assert.deepEqual(pages, [['topic-0', 'topic-1'], ['topic-2', 'topic-3'], ['topic-4']])
  const ofCluster = await list(client, { EventSourceArn: cluster })
  assert.deepEqual(
    ofCluster.EventSourceMappings?.map(({ Topics }) => Topics),
    [['orders']],
  )
  assert.deepEqual((await list(client, { FunctionName: 'sink' })).EventSourceMappings, [])
  assert.match(await refused(list(client, { FunctionName: 'none' })), /^ResourceNotFoundException/)
  assert.match(await refused(list(client, { MaxItems: 0 })), /^ValidationException/)
  assert.match(await refused(list(client, { Marker: 'x' })), INVALID('Marker'))
})

test('more calls in a second than are allowed are turned away, those to other resources never', async () => {
  await using front = await mappingFront({ callsPerSecond: 15 })

  const all = await Promise.allSettled(Array.from({ length: 40 }, () => list(front.client)))

  const refusals = all.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as TooManyRequestsException] : [],
  )
  assert.ok(refusals.length >= 10 && refusals.length <= 25, `${refusals.length} of 40`)
  const [first] = refusals
  assert.deepEqual(
    [first?.name, first?.message, first?.retryAfterSeconds, first?.Reason],
    ['TooManyRequestsException', 'Rate exceeded', '1', 'CallerRateLimitExceeded'],
  )
  const others = await Promise.all(
    Array.from({ length: 40 }, () => fetch(`${front.url}/2015-03-31/functions/`)),
  )
  assert.ok(others.every(({ status }) => status === 200))
})

test('other requests are passed on as they are, body and headers, and so are their answers', async () => {
  await using front = await mappingFront()

  const answer = await fetch(`${front.url}/2015-03-31/functions/sink/code?a=%2F`, {
    method: 'PUT',
    body: 'text',
    headers: { authorization: 'AWS4 signed', 'x-own': 'mine' },
  })

  assert.deepEqual([answer.status, answer.headers.get('x-own')], [200, 'yes'])
  assert.equal(await answer.text(), 'PUT /2015-03-31/functions/sink/code?a=/ text')
  const { headers } = front.lambda.passed[0] ?? {}
  assert.deepEqual(
    [headers?.host, headers?.authorization, headers?.['x-own']],
    [new URL(front.url).host, 'AWS4 signed', 'mine'],
  )
})

test('an upstream that does not answer is a failure of the gateway', async () => {
  await using front = await mappingFront({ upstream: 'http://127.0.0.1:1' })

  assert.equal((await fetch(`${front.url}/2015-03-31/functions/`)).status, 502)
  assert.match(
    await refused(create(front.client)),
    /^ServiceException: The function .* cannot be read/,
  )
})

test('mappings outlive a restart in their file, which is written before the answer', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'front-'))
  const file = join(dir, 'mappings.json')
  await using front = await mappingFront({ stateFile: file, delaysMs: { Deleting: 300 } })
  const kept = await create(front.client)
  assert.ok(readFileSync(file, 'utf8').includes(kept.UUID ?? 'none'))
  const leaving = await create(front.client, { FunctionName: 'other', ...group('b') })
  await comesTo(front.client, kept.UUID, 'Disabled')
  await comesTo(front.client, leaving.UUID, 'Disabled')
  await remove(front.client, leaving.UUID)

  await front.restart()

  assert.equal(await state(front.client, leaving.UUID), 'Deleting')
  await until(async () => (await list(front.client)).EventSourceMappings?.length === 1)
  assert.equal(await state(front.client, kept.UUID), 'Disabled')
  rmSync(dir, { recursive: true })
})
