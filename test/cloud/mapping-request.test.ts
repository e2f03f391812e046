import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda'
import { mappingOf } from '../../lib/cloud/lambda-mappings.ts'
import { type MappingSettings, mappingRequest } from '../../lib/cloud/mapping-request.ts'
import { aliasOf } from '../../lib/cloud/names.ts'
import { ConfigError } from '../../lib/errors.ts'

const sinkArn = 'arn:aws:lambda:us-east-1:123456789012:function:connectless-dev-sink'
const settings: MappingSettings = {
  sinkArn,
  cluster: { bootstrapServers: ['b-1:9092', 'b-2:9092'] },
  access: [],
}
const mapping = { connector: 'redis', topic: 'orders', group: 'connect-redis', enabled: true }
const always = {
  FunctionName: `${sinkArn}:${aliasOf('redis')}`,
  Topics: ['orders'],
  StartingPosition: 'TRIM_HORIZON',
  BatchSize: 10_000,
  Enabled: true,
}

for (const { title, having, wish, want } of [
  {
    title: 'brokers of our own are named by their addresses',
    having: settings,
    wish: mapping,
    want: {
      ...always,
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b-1:9092', 'b-2:9092'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'connect-redis' },
    },
  },
  {
    title: 'an MSK cluster is named by its ARN',
    having: {
      ...settings,
      cluster: { arn: 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/1' },
    },
    wish: mapping,
    want: {
      ...always,
      EventSourceArn: 'arn:aws:kafka:us-east-1:123456789012:cluster/demo/1',
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'connect-redis' },
    },
  },
  {
    title: 'a mapping of a paused connector is made disabled',
    having: { ...settings, access: [{ Type: 'VPC_SUBNET' as const, URI: 'subnet:subnet-1' }] },
    wish: { ...mapping, enabled: false },
    want: {
      ...always,
      Enabled: false,
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b-1:9092', 'b-2:9092'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'connect-redis' },
      SourceAccessConfigurations: [{ Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' }],
    },
  },
  {
    title: 'how it delivers is as the settings say',
    having: {
      ...settings,
      batchSize: 500,
      windowSeconds: 0,
      pollers: { MinimumPollers: 1, MaximumPollers: 3, PollerGroupName: 'shared' },
      partialAnswers: true as const,
      metrics: ['EventCount' as const],
    },
    wish: mapping,
    want: {
      ...always,
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 0,
      ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 3, PollerGroupName: 'shared' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MetricsConfig: { Metrics: ['EventCount'] },
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['b-1:9092', 'b-2:9092'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'connect-redis' },
    },
  },
])
  test(title, () => {
    assert.deepEqual(mappingRequest(having, wish), want)
  })

for (const group of ['connect-Bücher', '', 'x'.repeat(201), 'two words'])
  test(`a group named "${group.slice(0, 20)}", which Lambda would refuse, is refused by its name`, () => {
    assert.throws(
      () => mappingRequest(settings, { ...mapping, group }),
      (error: Error) => {
        assert.ok(error instanceof ConfigError)
        return error.message.includes(`named ${group}:`)
      },
    )
  })

for (const topic of ['t', '.hidden', 'x'.repeat(250)])
  test(`a topic named "${topic.slice(0, 20)}", which Lambda would refuse, is refused by its name`, () => {
    assert.throws(
      () => mappingRequest(settings, { ...mapping, topic }),
      (error: Error) => error instanceof ConfigError && error.message.includes(`named ${topic}:`),
    )
  })

const found = (of: EventSourceMappingConfiguration): EventSourceMappingConfiguration => ({
  Topics: ['orders'],
  SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'connect-redis' },
  ...of,
})

for (const { title, have, want } of [
  {
    title: 'one that delivers waits for nothing',
    have: { State: 'Enabled', LastProcessingResult: 'OK' },
    want: mapping,
  },
  {
    title: 'one that is disabled on purpose waits for nothing',
    have: { State: 'Disabled', StateTransitionReason: 'USER_INITIATED' },
    want: { ...mapping, enabled: false },
  },
  {
    title: 'one that is being made waits',
    have: { State: 'Creating' },
    want: { ...mapping, waiting: 'Creating' },
  },
  {
    title: 'one that is being disabled counts as disabled',
    have: { State: 'Disabling' },
    want: { ...mapping, enabled: false, waiting: 'Disabling' },
  },
  {
    title: 'one that cannot reach its brokers tells why',
    have: {
      State: 'Enabled',
      LastProcessingResult:
        'PROBLEM: Connection error. Your event source VPC must be able to connect to Lambda and STS',
    },
    want: {
      ...mapping,
      waiting:
        'PROBLEM: Connection error. Your event source VPC must be able to connect to Lambda and STS',
    },
  },
  {
    title: 'one that may not read tells why',
    have: { State: 'Enabling', StateTransitionReason: 'EVENT_SOURCE_AUTHN_ERROR' },
    want: { ...mapping, waiting: 'Enabling: EVENT_SOURCE_AUTHN_ERROR' },
  },
  {
    title: 'one of an MSK cluster has its group elsewhere',
    have: {
      State: 'Enabled',
      SelfManagedKafkaEventSourceConfig: undefined,
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'connect-redis' },
    },
    want: mapping,
  },
])
  test(`of the mappings there are, ${title}`, () => {
    assert.deepEqual(mappingOf('redis', found(have)), want)
  })
