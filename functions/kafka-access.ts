import type { MappingSettings } from '../lib/cloud/mapping-request.ts'
import { type RawConfig, splitList } from '../lib/config/config-def.ts'
import { ConfigError } from '../lib/errors.ts'
import type { Login } from '../lib/kafka/login.ts'
import type { Environment } from './deployment.ts'

/** How functions and mappings reach Kafka: said once, in the words of event source mappings. */
export type KafkaAccess = {
  /** properties of Kafka's clients, none of them secret */
  readonly client: RawConfig
  /** the rest of them: what to read of which secret */
  readonly login: Login
  readonly mapping: MappingSettings['access']
}

/** What pollers can do, and the clients' words for it. */
const KINDS = {
  IAM: { on: 'MSK', protocol: 'SASL_SSL', mechanism: 'AWS_MSK_IAM' },
  BASIC_AUTH: { on: 'other', protocol: 'SASL_SSL', mechanism: 'PLAIN' },
  SASL_SCRAM_256_AUTH: { on: 'other', protocol: 'SASL_SSL', mechanism: 'SCRAM-SHA-256' },
  SASL_SCRAM_512_AUTH: { on: 'both', protocol: 'SASL_SSL', mechanism: 'SCRAM-SHA-512' },
  CLIENT_CERTIFICATE_TLS_AUTH: { on: 'both', protocol: 'SSL', mechanism: undefined },
} as const

type Kind = keyof typeof KINDS

/** @throws ConfigError naming the variable that is wrong or does not go with the others. */
export function kafkaAccessOf(environment: Environment): KafkaAccess {
  const kind = kindOf(environment)
  const secret = environment.MAPPING_ACCESS_SECRET_ARN
  const rootCa = environment.MAPPING_ROOT_CA_SECRET_ARN
  const protocol = protocolOf(environment, kind)
  const mechanism = kind && KINDS[kind].mechanism
  return {
    client: {
      'security.protocol': protocol,
      ...(mechanism !== undefined && { 'sasl.mechanism': mechanism }),
    },
    login: {
      ...(kind !== undefined && kind !== 'IAM' && secret !== undefined && { kind, secret }),
      ...(rootCa !== undefined && { rootCa }),
    },
    mapping: [
      ...networkOf(environment),
      // An MSK cluster that is given no other way is logged in to by IAM.
      ...(kind === undefined || kind === 'IAM' ? [] : uris(secret, kind, '')),
      ...uris(rootCa, 'SERVER_ROOT_CA_CERTIFICATE', ''),
    ],
  }
}

function kindOf(environment: Environment): Kind | undefined {
  const isMsk = environment.MAPPING_CLUSTER_ARN !== undefined
  const { MAPPING_ACCESS_TYPE: type, MAPPING_ACCESS_SECRET_ARN: secret } = environment
  if (isMsk && environment.MAPPING_ROOT_CA_SECRET_ARN !== undefined)
    throw new ConfigError(
      'MAPPING_ROOT_CA_SECRET_ARN is for brokers of your own: those of MSK have certificates of a public authority',
    )
  if (type === undefined && secret !== undefined)
    throw new ConfigError('MAPPING_ACCESS_SECRET_ARN needs MAPPING_ACCESS_TYPE')
  if (type === undefined) return undefined
  const kind = kindNamed(type, isMsk)
  if (kind === 'IAM' && secret !== undefined)
    throw new ConfigError('MAPPING_ACCESS_SECRET_ARN is of no use with MAPPING_ACCESS_TYPE IAM')
  if (kind !== 'IAM' && secret === undefined)
    throw new ConfigError(`MAPPING_ACCESS_TYPE ${kind} needs MAPPING_ACCESS_SECRET_ARN`)
  return kind
}

function kindNamed(type: string, isMsk: boolean): Kind {
  const is = `MAPPING_ACCESS_TYPE is ${type}`
  const kind = (Object.keys(KINDS) as Kind[]).find((known) => known === type)
  if (kind === undefined)
    throw new ConfigError(`${is}: it must be one of ${Object.keys(KINDS).join(', ')}`)
  const { on } = KINDS[kind]
  if (isMsk && on === 'other')
    throw new ConfigError(
      `${is}, which event source mappings do not know with an MSK cluster (MAPPING_CLUSTER_ARN)`,
    )
  if (!isMsk && on === 'MSK')
    throw new ConfigError(`${is}, which needs an MSK cluster: MAPPING_CLUSTER_ARN`)
  return kind
}

function protocolOf(environment: Environment, kind: Kind | undefined): string {
  const { CONNECT_SECURITY_PROTOCOL: given, MAPPING_ROOT_CA_SECRET_ARN: rootCa } = environment
  if (kind === undefined) {
    const protocol = given ?? (rootCa === undefined ? 'PLAINTEXT' : 'SSL')
    if (rootCa === undefined || protocol.toUpperCase().endsWith('SSL')) return protocol
    throw new ConfigError(
      `CONNECT_SECURITY_PROTOCOL is ${protocol}, so that MAPPING_ROOT_CA_SECRET_ARN is of no use`,
    )
  }
  const { protocol } = KINDS[kind]
  if (given === undefined || given.toUpperCase() === protocol) return protocol
  throw new ConfigError(
    `CONNECT_SECURITY_PROTOCOL is ${given}, but with MAPPING_ACCESS_TYPE ${kind} it is ${protocol}: event source mappings log in over TLS alone`,
  )
}

type Access = MappingSettings['access'][number]

function networkOf(environment: Environment): Access[] {
  // The poller of an MSK cluster runs where the cluster does.
  if (environment.MAPPING_CLUSTER_ARN !== undefined) return []
  const subnets = uris(environment.MAPPING_SUBNET_IDS, 'VPC_SUBNET', 'subnet:')
  const groups = uris(
    environment.MAPPING_SECURITY_GROUP_IDS,
    'VPC_SECURITY_GROUP',
    'security_group:',
  )
  if (subnets.length > 0 === groups.length > 0) return [...subnets, ...groups]
  throw new ConfigError('MAPPING_SUBNET_IDS and MAPPING_SECURITY_GROUP_IDS go together')
}

const uris = (list: string | undefined, type: NonNullable<Access['Type']>, prefix: string) =>
  splitList(list ?? '').map((item): Access => ({ Type: type, URI: prefix + item }))
