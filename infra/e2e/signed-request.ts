import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'

export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export const REGION = 'us-east-1'

/** Whom MiniStack takes for the account's root user. */
export const ROOT: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

export type Answer = { readonly status: number; readonly text: string }

/** One request to a service of AWS, as whoever has these credentials. */
export async function signedRequest(
  credentials: Credentials,
  service: string,
  method: string,
  url: string,
  { body, type = 'application/json' }: { readonly body?: string; readonly type?: string } = {},
): Promise<Answer> {
  const { protocol, host, hostname, port, pathname, searchParams } = new URL(url)
  const signer = new SignatureV4({ service, region: REGION, credentials, sha256: Sha256 })
  const request = await signer.sign({
    method,
    protocol,
    hostname,
    port: Number(port),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body }),
  })
  const { host: _, ...headers } = request.headers
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  return { status: answer.status, text: await answer.text() }
}

/** One of the services that are asked by a form and answer in XML. @throws Error with the answer when it is no success. */
export async function query(
  endpoint: string,
  service: string,
  form: Readonly<Record<string, string>>,
): Promise<string> {
  const body = new URLSearchParams(form).toString()
  const type = 'application/x-www-form-urlencoded'
  const { status, text } = await signedRequest(ROOT, service, 'POST', `${endpoint}/`, {
    body,
    type,
  })
  if (status !== 200) throw new Error(`${form['Action']} answered ${status}: ${text}`)
  return text
}

/** @throws Error when there is no such element. */
export function inXml(text: string, element: string): string {
  const found = new RegExp(`<${element}>([^<]*)</${element}>`).exec(text)?.[1]
  if (found === undefined) throw new Error(`no ${element} in ${text}`)
  return found
}
