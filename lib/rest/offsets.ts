import { ConnectError } from '../errors.ts'
import { offsetsJson, ok, typeOf } from './answers.ts'
import { existing } from './connectors.ts'
import type { Answer, Call } from './http.ts'

/** @throws ConnectError for a sink: its offsets are in Kafka, where this function does not reach. */
export async function getOffsets({ api, params }: Call<'connector'>): Promise<Answer> {
  const row = await existing(params.connector, api)
  if (typeOf(row, api.plugins) === 'sink')
    throw new ConnectError(
      `Reading the consumer group offsets of sink connector ${row.name} is not supported yet`,
    )
  return ok(offsetsJson(await api.ports.offsets.read(row.name)))
}
