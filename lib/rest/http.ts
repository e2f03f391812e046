/** Requests and responses as plain data; API Gateway's events become these at the border. */
import type { Plugins } from '../plugin.ts'
import type { Invoker, Ports } from '../ports.ts'
import type { SinkLags } from './sink-lag.ts'

export type Request = {
  readonly method: string
  /** as it was sent: percent-encoded, without the query */
  readonly path: string
  /** as it was sent, without the question mark */
  readonly query: string
  /** by name in lower case */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string | undefined
}

export type Response = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What requests are answered from: rows, and the plugins' declarations. */
export type Api = {
  readonly ports: Pick<
    Ports,
    | 'worker'
    | 'configs'
    | 'connectors'
    | 'tasks'
    | 'leases'
    | 'offsets'
    | 'statuses'
    | 'ask'
    | 'activeTopics'
    | 'groupStates'
    | 'logLevels'
    | 'clock'
    | 'log'
  > &
    Partial<Pick<Ports, 'configProviders' | 'workers' | 'metrics'>> & {
      readonly invoker: Pick<Invoker, 'coordinator'>
    }
  readonly plugins: Plugins
  /** absent: nobody is asked */
  readonly lags?: SinkLags
}

/** One request for one route; `params` are the parts of the path that the route names, decoded. */
export type Call<K extends string = never> = {
  readonly api: Api
  readonly request: Request
  readonly query: URLSearchParams
  readonly params: Readonly<Record<K, string>>
}

/** Without `json` the body is empty. */
export type Answer = {
  readonly status: number
  readonly json?: unknown
  /** in place of JSON, though sent as it */
  readonly text?: string
  /** JSON that does not say so: what the HTTP framework refuses is sent without a Content-Type. */
  readonly isUntyped?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Route = {
  readonly method: Method
  readonly path: string
  readonly answer: (call: Call<string>) => Promise<Answer>
}

type NamesIn<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

export const route = <const P extends string>(
  method: Method,
  path: P,
  answer: (call: Call<NamesIn<P>>) => Promise<Answer>,
): Route =>
  // The names in `params` are those in `path`: the dispatcher fills them from there.
  ({ method, path, answer: answer as Route['answer'] })
