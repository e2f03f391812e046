/** Offsets: read in every state, changed while the connector is STOPPED. */

import { connectorOf, stopped, success } from './altering.ts'
import { offsetsJson, ok, sinkOffsetsJson, typeOf } from './answers.ts'
import { existing } from './connector-view.ts'
import type { Answer, Call } from './http.ts'
import { sentOffsets, sinkChanges, sourceChanges } from './offsets-body.ts'
import { alterSinkOffsets, readSinkOffsets, resetSinkOffsets } from './sink-offsets.ts'
import { alterSourceOffsets } from './source-offsets.ts'

export async function getOffsets({ api, params }: Call<'connector'>): Promise<Answer> {
  const row = await existing(params.connector, api)
  if (typeOf(row, api.plugins) === 'sink')
    return ok(sinkOffsetsJson(await readSinkOffsets(row, api)))
  return ok(offsetsJson(await api.ports.offsets.read(row.name)))
}

export async function alterOffsets({ api, params, request }: Call<'connector'>): Promise<Answer> {
  const sent = sentOffsets(request.body)
  const row = await stopped(params.connector, api)
  const connector = connectorOf(row, api)
  const isAll =
    connector.kind === 'sink'
      ? await alterSinkOffsets(row, connector, sinkChanges(sent), api)
      : await alterSourceOffsets(row.name, connector, sourceChanges(sent), api)
  return ok({ message: success(isAll, 'altered') })
}

export async function resetOffsets({ api, params }: Call<'connector'>): Promise<Answer> {
  const row = await stopped(params.connector, api)
  const connector = connectorOf(row, api)
  const isAll =
    connector.kind === 'sink'
      ? await resetSinkOffsets(row, connector, api)
      : await alterSourceOffsets(row.name, connector, 'forget all', api)
  return ok({ message: success(isAll, 'reset') })
}
