import { NotFoundError } from '../errors.ts'
import type { TargetState } from '../ports.ts'
import { changeConnector, tellChange } from './change-connector.ts'
import type { Answer, Call } from './http.ts'

/** Written only when it is another; the coordinator carries it out. */
const wanting =
  (targetState: TargetState, status: number) =>
  async ({ api, params }: Call<'connector'>): Promise<Answer> => {
    await changeConnector(params.connector, api, {
      change: (row) => (row.targetState === targetState ? undefined : { ...row, targetState }),
      missing: () => new NotFoundError(`Unknown connector ${params.connector}`),
    })
    tellChange(params.connector, `is to be ${targetState}`, api)
    return { status }
  }

export const pauseConnector = wanting('PAUSED', 202)
export const resumeConnector = wanting('RUNNING', 202)
export const stopConnector = wanting('STOPPED', 204)
