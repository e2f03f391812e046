import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { packaged } from '../../infra/lambda/packaged.ts'
import { cfnFindings, policyFindings } from '../../infra/policy/findings.ts'
import { python3 } from '../../infra/stack/python.ts'
import { skipWithout } from '../skip-without.ts'

// Each brings its tool from PyPI the first time.

const EVERYTHING = [
  'kafkaClusterArn=arn:aws:kafka:us-east-1:123456789012:cluster/demo/751d2973-a626-431c-9d4e-d7975eb44dd7-2',
  'kafkaAccessType=IAM',
  'subnetIds=subnet-0a1b2c3d,subnet-1a1b2c3d',
  'securityGroupIds=sg-0a1b2c3d',
  'vpcId=vpc-0a1b2c3d',
  'routeTableIds=rtb-0a1b2c3d',
  'createEndpoints=true',
  'secretArns=arn:aws:secretsmanager:us-east-1:123456789012:secret:app-*',
  'parameterArns=arn:aws:ssm:us-east-1:123456789012:parameter/app/*',
  'apiAuthorization=JWT',
  'apiJwtIssuer=https://issuer.example',
  'apiJwtAudience=connectless',
  'tableDeletionProtection=true',
  'sinkConcurrency=50',
]

let services: readonly { title: string; service: Awaited<ReturnType<typeof packaged>> }[] = []

before(async () => {
  const [plain, full] = await Promise.all([packaged(), packaged(EVERYTHING)])
  services = [
    { title: 'as it comes', service: plain },
    { title: 'with all of it', service: full },
  ]
})
after(() => Promise.all(services.map(({ service }) => service.remove())))

test('CloudFormation would take the template: cfn-lint finds nothing', async (t) => {
  if (await skipWithout([python3], t)) return

  for (const { title, service } of services)
    assert.deepEqual(await cfnFindings(service.templateFile), [], title)
})

test('what checkov finds has a reason in infra/policy/skipped.json, and no reason is needless', async (t) => {
  if (await skipWithout([python3], t)) return

  // It looks at all resources, whatever their conditions.
  const [plain] = services
  const { unexplained, needless, passed } = await policyFindings(plain?.service.templateFile ?? '')

  assert.deepEqual(unexplained, [])
  assert.deepEqual(needless, [])
  assert.ok(passed > 50, `${passed} checks`)
})
