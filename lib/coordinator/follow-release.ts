import type { Tick } from './tick.ts'

/** What a tick could not do the next one does; connectors run on the release before meanwhile. */
export const followRelease = ({ ports, mayGoOn }: Pick<Tick, 'ports' | 'mayGoOn'>): Promise<void> =>
  ports.aliases.follow(mayGoOn)
