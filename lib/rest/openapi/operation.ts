import type { AnswerDescription, Description, Schema } from './description.ts'
import { json, named, saying } from './description.ts'
import { operationId } from './links.ts'
import { namesIn } from './path-parameters.ts'

type Named = { readonly method: string; readonly path: string }

/** `links` are followed from a connector that was made. */
export function operation(route: Named, described: Description, links: object) {
  const { summary, query = {}, body } = described
  return {
    operationId: operationId(route),
    summary,
    ...queryParameters(query),
    ...(body && { requestBody: { required: true, content: jsonOf(body) } }),
    responses: Object.fromEntries(
      Object.entries(answersOf(route, described)).map(([status, answer]) => [
        status,
        response(Number(status), route, answer, links),
      ]),
    ),
  }
}

function queryParameters(query: Readonly<Record<string, Schema>>) {
  const parameters = Object.entries(query).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description && { description }),
    schema,
  }))
  return parameters.length > 0 ? { parameters } : {}
}

const jsonOf = (schema: Schema) => ({ 'application/json': { schema } })

/** With what every route of its kind can answer. */
export const answersOf = (
  { method, path }: Named,
  { answers }: Description,
): Description['answers'] => ({
  ...(namesIn(path).length > 0 && {
    400: 'The path cannot be read',
    404: 'There is nothing at this path',
  }),
  406: 'The answer would be JSON, which is not accepted',
  ...(path.startsWith('/connectors') && { 409: 'Another change came between: try again' }),
  ...(method.startsWith('P') && { 415: 'The body is not sent as JSON' }),
  500: saying('It cannot be done'),
  ...answers,
})

function response(status: number, { path }: Named, answer: AnswerDescription, links: object) {
  if (typeof answer === 'string' && status < 400) return { description: answer }
  const { description, json: schema, headers } = withBody(answer)
  const isPage = status === 400 && namesIn(path).length > 0
  return {
    description,
    ...(headers && { headers: headersOf(headers) }),
    // The HTTP server refuses an ambiguous path with a page.
    content: { ...jsonOf(schema), ...(isPage && { 'text/html': { schema: { type: 'string' } } }) },
    ...(status === 201 && { links }),
  }
}

const withBody = (answer: AnswerDescription) =>
  typeof answer === 'string' ? json(answer, named('ErrorMessage')) : answer

const headersOf = (headers: Readonly<Record<string, Schema>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, schema]) => [name, { schema }]))
