/** One invocation of the deployed source function, in a process of its own: `container.ts <event> <invocation> <ms>`. */
import { handler } from '../../functions/source.ts'
import { lambdaContext } from '../../lib/local/lambda-context.ts'

const [event = '', id = '', ms = ''] = process.argv.slice(2)
const endsAt = performance.now() + Number(ms)
const context = lambdaContext('source', { id, remainingMs: () => endsAt - performance.now() })
// Lambda calls it with these two arguments; the type of a handler has a third.
await (handler as (event: unknown, of: typeof context) => Promise<unknown>)(
  JSON.parse(event),
  context,
)
