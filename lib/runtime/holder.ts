import type { Ports, Status } from '../ports.ts'

/** Whose a status is: this worker's, another's that lives, or one's that is known to be dead. Where nobody knows who lives, each takes it for its own. */
export type Holder = 'own' | 'other' | 'gone'

export async function holderOf(
  { workerId }: Pick<Status, 'workerId'>,
  { worker, workers }: Pick<Ports, 'worker' | 'workers'>,
): Promise<Holder> {
  if (!workers || workerId === worker.id) return 'own'
  return (await workers.living()).includes(workerId) ? 'other' : 'gone'
}
