import { localAsk } from '../../lib/local/ask.ts'
import { askContract, LIMIT_MS, scripted } from './ask.ts'

// As Lambda's, its questions arrive as JSON, whatever their type says.
const handler = (event: unknown) => scripted(event as Parameters<typeof scripted>[0])

askContract(async () => localAsk(() => ({ source: handler, sink: handler }), LIMIT_MS))
