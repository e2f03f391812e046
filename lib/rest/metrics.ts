import type { Answer, Api, Call } from './http.ts'

/** Where a process counts for itself: in local mode. Kafka Connect has no such path, nor has it this one in AWS. */
export const hasMetrics = ({ ports: { metrics } }: Api): boolean =>
  metrics?.exposition !== undefined

/** For Prometheus. */
export async function getMetrics({ api }: Call): Promise<Answer> {
  return {
    status: 200,
    text: api.ports.metrics?.exposition?.() ?? '',
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  }
}
