import type { EmulatedFunction } from './emulated.ts'

export type ApiAnswer = { readonly statusCode: number; readonly body: string }

/** What API Gateway hands to a function: payload format 2.0. */
export function apiEvent(method: string, target: string, body?: unknown) {
  const [path = '', query = ''] = target.split('?')
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: {
      host: 'abc.execute-api.us-east-1.amazonaws.com',
      'content-type': 'application/json',
    },
    requestContext: {
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.1', userAgent: 'curl' },
      stage: '$default',
    },
    isBase64Encoded: false,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }
}

export async function request(
  api: EmulatedFunction,
  ...of: Parameters<typeof apiEvent>
): Promise<ApiAnswer> {
  return (await api.invoke(apiEvent(...of))) as ApiAnswer // what functions/api.ts answers
}

/** @throws Error with the api's answer when it is not made. */
export async function createConnector(
  api: EmulatedFunction,
  name: string,
  config: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { statusCode, body } = await request(api, 'POST', '/connectors', { name, config })
  if (statusCode !== 201) throw new Error(`${name}: ${statusCode} ${body}`)
}
