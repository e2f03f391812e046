import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch, stop } from '../../infra/stack/daemon.ts'
import { kafka } from '../../infra/stack/kafka.ts'
import { locked } from '../../infra/stack/lock.ts'
import { freePort, host } from '../../infra/stack/ports.ts'
import { run, tail, which } from '../../infra/stack/programs.ts'
import { serviceDir } from '../../infra/stack/records.ts'
import type { Program } from '../../infra/stack/service.ts'

/** What it takes, beside the programs of Kafka itself. */
export const programs: readonly Program[] = [
  ...kafka.needs,
  { command: 'openssl', debianPackage: 'openssl' },
]

export const USER = { username: 'alice', password: 'it is "se\\cret" really' }

export type SecuredBroker = {
  /** host:port by how one logs in there */
  readonly at: { readonly mutualTls: string; readonly scram: string; readonly plain: string }
  /** takes OAUTHBEARER, and tokens that nobody has signed */
  readonly bearer: string
  readonly pem: { readonly ca: string; readonly certificate: string; readonly key: string }
  stop(): Promise<void>
}

/** A broker of its own that nobody reaches without TLS and a login. */
export async function securedBroker(): Promise<SecuredBroker> {
  const installed = serviceDir('kafka')
  await locked(
    join(installed, 'install.lock'),
    async () => {
      const step = (_doing: string, command: Parameters<typeof run>[0]) =>
        run(command, join(installed, 'install.log'))
      if (!kafka.isInstalled(installed)) await kafka.install({ dir: installed, step })
    },
    () => undefined,
  )
  const dir = mkdtempSync(join(tmpdir(), 'connectless-secured-'))
  const port = await freePort({ first: 31092, count: 6 })
  const pem = certificates(dir)
  writeFileSync(join(dir, 'server.properties'), properties(dir, port))
  const java = (...args: string[]) => ({
    ...kafka.daemon(installed, port),
    args: ['-Xmx512m', '-XX:TieredStopAtLevel=1', ...classPathOf(installed, port), ...args],
    cwd: dir,
  })
  await run(
    java('kafka.tools.StorageTool', 'format', ...formatting(), '--config=server.properties'),
    join(dir, 'format.log'),
  )
  const logFile = join(dir, 'server.log')
  const daemon = await launch(java('kafka.Kafka', 'server.properties'), logFile)
  const broker: SecuredBroker = {
    at: { mutualTls: at(port + 2), scram: at(port + 3), plain: at(port + 4) },
    bearer: at(port + 5),
    pem,
    async stop() {
      await stop(daemon, 0)
      rmSync(dir, { recursive: true, force: true })
    },
  }
  await started(port, broker, logFile)
  return broker
}

const at = (port: number): string => `${host}:${port}`

const classPathOf = (dir: string, port: number): string[] => {
  const { args } = kafka.daemon(dir, port)
  return args.slice(args.indexOf('-cp'), args.indexOf('-cp') + 2)
}

async function started(port: number, { stop }: SecuredBroker, logFile: string): Promise<void> {
  const until = performance.now() + 60_000
  for (;;) {
    try {
      return await kafka.probe({ 'bootstrap.servers': at(port) })
    } catch (cause) {
      if (performance.now() < until) continue
      const told = tail(logFile, 40)
      await stop()
      throw new Error(`The broker did not start: ${told}`, { cause })
    }
  }
}

const escaped = (text: string): string => text.replace(/["\\]/g, '\\$&')

function formatting(): string[] {
  const cluster = `C${randomBytes(16).toString('base64url').slice(1)}`
  const scram = (mechanism: string) =>
    `--add-scram=${mechanism}=[name="${USER.username}",password="${USER.password}"]`
  return [`--cluster-id=${cluster}`, scram('SCRAM-SHA-512'), scram('SCRAM-SHA-256')]
}

function properties(dir: string, port: number): string {
  const names = ['PLAINTEXT', 'CONTROLLER', 'MUTUAL', 'SCRAM', 'PLAIN', 'BEARER']
  const jaas = 'org.apache.kafka.common.security'
  // A properties file takes one more backslash away.
  const password = escaped(USER.password).replaceAll('\\', '\\\\')
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${at(port + 1)}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: names.map((name, offset) => `${name}://${at(port + offset)}`).join(),
    'advertised.listeners': names
      .flatMap((name, offset) => (name === 'CONTROLLER' ? [] : [`${name}://${at(port + offset)}`]))
      .join(),
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,MUTUAL:SSL,SCRAM:SASL_SSL,PLAIN:SASL_SSL,BEARER:SASL_SSL',
    'log.dirs': join(dir, 'data'),
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(dir, 'server.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(dir, 'ca.crt'),
    'listener.name.mutual.ssl.client.auth': 'required',
    'listener.name.scram.sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.scram.scram-sha-256.sasl.jaas.config': `${jaas}.scram.ScramLoginModule required;`,
    'listener.name.scram.scram-sha-512.sasl.jaas.config': `${jaas}.scram.ScramLoginModule required;`,
    'listener.name.plain.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.plain.plain.sasl.jaas.config': `${jaas}.plain.PlainLoginModule required user_${USER.username}="${password}";`,
    'listener.name.bearer.sasl.enabled.mechanisms': 'OAUTHBEARER',
    'listener.name.bearer.oauthbearer.sasl.jaas.config': `${jaas}.oauthbearer.OAuthBearerLoginModule required;`,
    'listener.name.bearer.oauthbearer.sasl.server.callback.handler.class': `${jaas}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

/** An authority, the broker's certificate and a client's, all for a day. */
function certificates(dir: string): SecuredBroker['pem'] {
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync(which('openssl') ?? 'openssl', args, { cwd: dir })
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
  }
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test-ca')
  writeFileSync(join(dir, 'san.cnf'), 'subjectAltName=IP:127.0.0.1\n')
  for (const name of ['server', 'client']) {
    const [csr, crt, own] = [`${name}.csr`, `${name}.crt`, `${name}.key`]
    openssl('req', ...key, '-keyout', own, '-out', csr, '-subj', `/CN=${name}`)
    const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1']
    openssl('x509', '-req', '-in', csr, '-out', crt, ...signing, '-extfile', 'san.cnf')
  }
  const text = (name: string) => readFileSync(join(dir, name), 'utf8')
  writeFileSync(join(dir, 'server.pem'), text('server.key') + text('server.crt'))
  return { ca: text('ca.crt'), certificate: text('client.crt'), key: text('client.key') }
}
