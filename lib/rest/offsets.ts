import { errorAnswer, offsetsJson, ok, typeOf } from './answers.ts'
import { existing } from './connector-view.ts'
import type { Answer, Call } from './http.ts'

/** Of a source: a sink's offsets are in Kafka, where this function does not reach. */
export async function getOffsets({ api, params }: Call<'connector'>): Promise<Answer> {
  const row = await existing(params.connector, api)
  if (typeOf(row, api.plugins) === 'sink')
    return errorAnswer(
      500,
      `Reading the consumer group offsets of sink connector ${row.name} is not supported yet`,
    )
  return ok(offsetsJson(await api.ports.offsets.read(row.name)))
}
