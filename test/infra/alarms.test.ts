import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { packaged } from '../../infra/lambda/packaged.ts'
import { GAUGES, TOTALS } from '../../lib/config/metrics.ts'

type Alarm = {
  readonly AlarmName: string
  readonly AlarmDescription: string
  readonly Namespace: string
  readonly MetricName: string
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[]
  readonly Threshold: unknown
  readonly TreatMissingData: string
  readonly AlarmActions: unknown
}

let service: Awaited<ReturnType<typeof packaged>>
let alarms: readonly Alarm[]
let environment: Readonly<Record<string, unknown>>
let runbook: string

before(async () => {
  service = await packaged(['alarmSourceLagSeconds=77'])
  const { Resources } = await service.template()
  alarms = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    // As this template declares them.
    .map(({ Properties }) => Properties as unknown as Alarm)
  environment = Resources.CoordinatorLambdaFunction?.Properties.Environment?.Variables ?? {}
  runbook = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8')
})
after(() => service.remove())

/** Of alarms that there is one of for each function, the common part. */
const sectionOf = ({ AlarmName }: Alarm) =>
  AlarmName.replace('connectless-dev-', '').replace(/^(errors|throttles)-.*/, '$1')

test('each alarm has its section in the runbook, which its description names, and the other way round', () => {
  const [, list = ''] = runbook.split('\n## Alarms\n')
  const sections = [...list.matchAll(/^### (.+)$/gm)].map(([, title]) => title)

  assert.deepEqual([...new Set(alarms.map(sectionOf))].sort(), sections.sort())
  for (const alarm of alarms)
    assert.ok(alarm.AlarmDescription.endsWith(`docs/operations.md, ${sectionOf(alarm)}`))
})

test('each says what to look at and what to do', () => {
  const [, list = ''] = runbook.split('\n## Alarms\n')

  for (const section of list.split('\n### ').slice(1)) {
    assert.match(section, /^Look: /m, section)
    assert.match(section, /^Do: /m, section)
  }
})

test('what an alarm watches of ours is told of the stage, under the names that functions use', () => {
  const own = alarms.filter(({ Namespace }) => !Namespace.startsWith('AWS/'))
  const metrics: Readonly<Record<string, object>> = { ...TOTALS, ...GAUGES }

  assert.equal(own.length, 5)
  for (const { Namespace, MetricName, Dimensions } of own) {
    assert.equal(Namespace, environment.METRICS_NAMESPACE)
    assert.deepEqual(Dimensions, [{ Name: 'Stage', Value: environment.STAGE }])
    assert.ok('isWatched' in (metrics[MetricName] ?? {}), MetricName)
  }
})

test('each goes to the topic where there is one; thresholds are parameters; silence of the coordinator is an alarm', () => {
  const topic = { 'Fn::If': ['HasAlarmTopic', [{ Ref: 'AlarmTopicArn' }], { Ref: 'AWS::NoValue' }] }
  const named = (name: string) => alarms.find((alarm) => alarm.AlarmName.endsWith(name))

  for (const { AlarmActions } of alarms) assert.deepEqual(AlarmActions, topic)
  assert.equal(Number(named('source-lag')?.Threshold), 77)
  assert.equal(named('coordinator-tick')?.TreatMissingData, 'breaching')
})

test('every metric stands in the runbook', () => {
  const shown = (name: string) =>
    runbook.includes(`\`${name}\``) ||
    runbook.includes(`\`${name.replace(/^connector|task-count$/g, '')}\``)

  for (const name of [...Object.keys(TOTALS), ...Object.keys(GAUGES)]) assert.ok(shown(name), name)
})
