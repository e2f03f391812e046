import type { ConnectorStatus } from '../connectless-process.ts'
import {
  type Answer,
  type Credentials,
  inXml,
  query,
  REGION,
  signedRequest,
} from './signed-request.ts'
import { until } from './until.ts'

/** Kafka Connect's REST API of a deployment, to one who signs the requests, or gives a name and password. */
export type Api = {
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** The answer's JSON. @throws Error with the answer when it is no success. */
  request(method: string, path: string, body?: unknown): Promise<unknown>
  /** Resolves when the connector and each of its tasks are so. */
  waitFor(connector: string, state: string, limitMs?: number): Promise<ConnectorStatus>
}

export type Caller = Credentials | { readonly user: string; readonly password: string }

/** `url`: without a slash at its end. */
export function apiAt(url: string, caller: Caller): Api {
  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? {} : { body: JSON.stringify(body) }
    return 'user' in caller
      ? namedRequest(caller, method, url + path, text)
      : signedRequest(caller, 'execute-api', method, url + path, text)
  }
  async function request(method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, text } = await ask(method, path, body)
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    ask,
    request,
    waitFor: (connector, state, limitMs = 60_000) =>
      until(`${connector} is ${state}`, limitMs, async () => {
        const { status, text } = await ask('GET', `/connectors/${connector}/status`)
        if (status !== 200) return { seen: text }
        const found: ConnectorStatus = JSON.parse(text)
        return isAll(state, found) ? { found } : { seen: found }
      }),
  }
}

const isAll = (state: string, { connector, tasks }: ConnectorStatus): boolean =>
  connector.state === state && tasks.length > 0 && tasks.every((task) => task.state === state)

async function namedRequest(
  { user, password }: { readonly user: string; readonly password: string },
  method: string,
  url: string,
  { body }: { readonly body?: string },
): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/json' }
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  return { status: answer.status, text: await answer.text() }
}

/** Where MiniStack has the API of a stack. */
export async function apiUrl(endpoint: string, stack: string): Promise<string> {
  const form = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stack }
  const answer = await query(endpoint, 'cloudformation', form)
  const id = /https:\/\/(\w+)\.execute-api\./.exec(answer)?.[1]
  if (id === undefined) throw new Error(`the stack ${stack} has no API: ${answer}`)
  return `${endpoint}/_aws/execute-api/${id}/$default`
}

const IAM = { Version: '2010-05-08' }

/** A new user of IAM who may do this and nothing else; `undefined`: nothing at all. */
export async function userWho(
  endpoint: string,
  name: string,
  allowed?: { readonly Action: string; readonly Resource: string },
): Promise<Credentials> {
  const iam = (form: Readonly<Record<string, string>>) =>
    query(endpoint, 'iam', { ...IAM, UserName: name, ...form })
  await iam({ Action: 'CreateUser' })
  if (allowed) {
    const Statement = [{ Effect: 'Allow', ...allowed }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    await iam({ Action: 'PutUserPolicy', PolicyName: 'allowed', PolicyDocument })
  }
  const key = await iam({ Action: 'CreateAccessKey' })
  return {
    accessKeyId: inXml(key, 'AccessKeyId'),
    secretAccessKey: inXml(key, 'SecretAccessKey'),
  }
}

/** What a role may, for an hour. */
export async function asRole(endpoint: string, role: string): Promise<Credentials> {
  const answer = await query(endpoint, 'sts', {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam::000000000000:role/${role}`,
    RoleSessionName: 'e2e',
  })
  return {
    accessKeyId: inXml(answer, 'AccessKeyId'),
    secretAccessKey: inXml(answer, 'SecretAccessKey'),
    sessionToken: inXml(answer, 'SessionToken'),
  }
}

/** Gives a role of the account more than it was deployed with: actions of one service on what its ARN ends with. */
export async function giveTo(
  endpoint: string,
  role: string,
  actions: readonly string[],
  resource: string,
): Promise<void> {
  const service = actions[0]?.split(':')[0]
  const Resource = `arn:aws:${service}:${REGION}:*:${resource}`
  const Statement = [{ Effect: 'Allow', Action: actions, Resource }]
  await query(endpoint, 'iam', {
    ...IAM,
    Action: 'PutRolePolicy',
    RoleName: role,
    PolicyName: 'of-the-emulator',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  })
}
